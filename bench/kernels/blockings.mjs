/** A row of blocking.def: its name, then a value for each instruction set. */
const ROW = /^PATCHBAY_BLOCKING\((\w+),([^)]*)\)$/gm;
const COLUMNS = ["generic", "neon", "avx2", "avx512", "avx512vnni", "avx512bf16"];

/** The rows of a table of blockings, values by instruction set. */
export function readBlockings(text) {
  return [...text.matchAll(ROW)].map(([, name, values]) => {
    const numbers = values.split(",").map(Number);
    return { name, values: Object.fromEntries(COLUMNS.map((column, at) => [column, numbers[at]])) };
  });
}

/** The table with one value changed, in its place. */
export function changeBlocking(text, name, isa, value) {
  return text.replace(ROW, (row, rowName, values) => {
    if (rowName !== name) return row;
    const cells = values.split(",");
    const at = COLUMNS.indexOf(isa);
    cells[at] = String(value).padStart(cells[at].length);
    return `PATCHBAY_BLOCKING(${name},${cells.join(",")})`;
  });
}
