// Measures one workload on several engines, their measurements interleaved.

/** Short workloads are repeated until this much has been spent on each engine, or so often. */
const enoughMilliseconds = 1000;
const mostRounds = 30;

/** @returns for each engine that has the workload: `{ engine, says, times, megabytes }`, times in milliseconds, the peak of resident memory */
export async function measure(workload, engines, repeat) {
  const able = engines.filter(({ ours }) => ours || !workload.oursOnly);
  const results = able.map((engine) => ({ engine, says: undefined, times: [], megabytes: NaN }));
  await (workload.apart ? measureApart : measureTogether)(workload, results, repeat);
  return results;
}

async function measureTogether(workload, results, repeat) {
  const started = [];
  try {
    for (const result of results) {
      const running = await result.engine.start(workload);
      started.push(running);
      result.says = running.engine;
    }
    // Packs weights, compiles, fills caches. From the last to the first, because those that convert a network take the most memory meanwhile.
    for (const each of started.toReversed()) await each.measure(workload);
    let spent = 0;
    for (let round = 0; round < repeat || (spent < enoughMilliseconds * results.length && round < mostRounds); round++) {
      for (const [at, { times }] of results.entries()) {
        times.push(await started[at].measure(workload));
        spent += times.at(-1);
      }
    }
    for (const [at, result] of results.entries()) result.megabytes = started[at].peakMegabytes();
  } finally {
    for (const each of started) await each.stop();
  }
}

/** One process at a time, so that none lacks the memory that another holds. */
async function measureApart(workload, results, repeat) {
  for (let round = 0; round < repeat; round++) {
    for (const result of results) {
      const running = await result.engine.start(workload);
      try {
        result.says = running.engine;
        result.times.push(await running.measure(workload));
        const megabytes = running.peakMegabytes();
        result.megabytes = round === 0 ? megabytes : Math.max(result.megabytes, megabytes);
      } finally {
        await running.stop();
      }
    }
  }
}
