// Prints results as Markdown: ratios before seconds, because only they mean something on another machine.

const print = (line = "") => process.stdout.write(`${line}\n`);

function table(head, rows) {
  print();
  print(`| ${head.join(" | ")} |`);
  print(`|${" --- |".repeat(head.length)}`);
  for (const row of rows) print(`| ${row.join(" | ")} |`);
}

const best = ({ times }) => Math.min(...times);
const median = ({ times }) => times.toSorted((a, b) => a - b)[times.length >> 1];

/** Three figures, whatever the size. */
const short = (value) => (value >= 999.5 ? value.toFixed(0) : value.toPrecision(3));
const seconds = (milliseconds) => short(milliseconds / 1000);
const percent = (share) => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
const known = (value, format) => (Number.isFinite(value) ? format(value) : "");

export function printPeaks({ fp32, bf16, int8, memoryRead, memoryCopy }) {
  const parts = [
    [fp32, "GFLOP/s of fp32 multiply-adds"],
    [bf16, "GFLOP/s of bf16 dot products"],
    [int8, "GOP/s of int8 dot products"],
    [memoryRead, "GB/s read from memory"],
    [memoryCopy, "GB/s copied in memory, read and written"],
  ];
  const measured = parts.filter(([value]) => value).map(([value, what]) => `${short(value / 1e9)} ${what}`);
  if (measured.length > 0) print(`\nPeaks measured in this run, all threads together: ${measured.join(", ")}.`);
}

/** The result of ours whose arithmetic is the same. */
const counterpart = (results, { arithmetic }) => results.find(({ engine }) => engine.ours && engine.arithmetic === arithmetic);

/** Engines of one arithmetic: how much longer the fastest peer takes than ours. */
function ratios(results) {
  return results
    .filter(({ engine }) => engine.ours)
    .flatMap((ours) => {
      const peers = results.filter(({ engine }) => !engine.ours && engine.arithmetic === ours.engine.arithmetic);
      if (peers.length === 0) return [];
      const fastest = peers.toSorted((a, b) => best(a) - best(b))[0];
      const of = (figure) => (figure(fastest) / figure(ours)).toFixed(2);
      return [[of(best), of(median), `${fastest.engine.title} / ${ours.engine.title}`]];
    });
}

export function printResults({ name, teraflop, apart }, results, peaks) {
  print(`\n### ${name}`);
  const used = [...new Set(results.map(({ engine }) => engine.arithmetic))];
  const limits = teraflop ? used.filter((each) => peaks[each]).map((each) => `${short((1e12 * teraflop) / peaks[each])} s of ${each}`) : [];
  if (limits.length > 0) print(`\n${teraflop.toPrecision(3)} TFLOP; at the machine's peak ${limits.join(", ")}.`);
  const compared = ratios(results);
  if (compared.length > 0) table(["ratio of best", "of median", "fastest peer / ours"], compared);
  table(
    ["over ours", "engine", "best s", "median s", "GFLOP/s", "of peak", apart ? "peak MB" : "peak MB with warm-up"],
    results.map((result) => {
      const ours = counterpart(results, result.engine);
      const rate = ((teraflop ?? NaN) * 1e12) / (best(result) / 1000);
      return [
        ours ? (best(result) / best(ours)).toFixed(2) : "",
        result.engine.title,
        seconds(best(result)),
        seconds(median(result)),
        known(rate / 1e9, short),
        known(rate / (peaks[result.engine.arithmetic] ?? NaN), percent),
        known(result.megabytes, (value) => value.toFixed(0)),
      ];
    }),
  );
}

/** Time by kind of op: how much of it, how fast, and how fast it could be at most. */
export function printOps({ name }, { title, arithmetic }, ops, peaks) {
  const kinds = new Map();
  for (const { op, milliseconds, flops } of ops) {
    const kind = kinds.get(op) ?? { count: 0, milliseconds: 0, flops: 0 };
    kinds.set(op, { count: kind.count + 1, milliseconds: kind.milliseconds + milliseconds, flops: kind.flops + flops });
  }
  const total = ops.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const peak = peaks[arithmetic] ?? NaN;
  print(`\n### ${name}, op by op, ${title}`);
  table(
    ["op", "ops", "ms", "share", "GFLOP/s", `of ${arithmetic} peak`, "limit ms"],
    [...kinds]
      .sort((a, b) => b[1].milliseconds - a[1].milliseconds)
      .map(([op, { count, milliseconds, flops }]) => {
        const rate = flops > 0 ? (flops / milliseconds) * 1000 : NaN;
        const limit = flops > 0 ? (flops / peak) * 1000 : NaN;
        return [
          op,
          count,
          short(milliseconds),
          percent(milliseconds / total),
          known(rate / 1e9, short),
          known(rate / peak, percent),
          known(limit, short),
        ];
      }),
  );
}

/** What each engine says that it is. */
export function printEngines(descriptions) {
  print();
  for (const description of descriptions) print(`- ${description}`);
}
