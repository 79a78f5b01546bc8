/** Solves matrix · x = right for a small square matrix: Gaussian elimination with row pivoting. The empty system has the empty solution. */
export function solveLinear(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  const n = rows.length;
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let r = column + 1; r < n; r++) if (Math.abs(rows[r]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = r;
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    const top = rows[column]!;
    for (const row of rows.slice(column + 1)) {
      const factor = row[column]! / top[column]!;
      for (let k = column; k <= n; k++) row[k]! -= factor * top[k]!;
    }
  }
  const solution = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    const row = rows[i]!;
    const known = solution.reduce((sum, value, k) => sum + row[k]! * value, 0);
    solution[i] = (row[n]! - known) / row[i]!;
  }
  return solution;
}
