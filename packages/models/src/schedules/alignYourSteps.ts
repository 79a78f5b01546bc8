const { exp, log } = Math;

/** Levels of ten steps, found for each family by its authors: Sabour et al. 2024 (arXiv 2404.14507) and the page of its figures. */
const tables = {
  SD1: [14.6146412293, 6.4745760956, 3.8636745985, 2.694615152, 1.8841921177, 1.3943805092, 0.9642583904, 0.6523686016, 0.3977456272, 0.1515232662, 0.0291671582],
  SDXL: [14.6146412293, 6.3184485287, 3.7681790315, 2.1811480769, 1.3405244945, 0.8620721141, 0.5550693289, 0.3798540708, 0.2332364134, 0.1114188177, 0.0291671582],
  SVD: [700, 54.5, 15.886, 7.977, 4.248, 1.789, 0.981, 0.403, 0.173, 0.034, 0.002],
} as const; // prettier-ignore

export type AlignYourStepsFamily = keyof typeof tables;
export const alignYourStepsFamilies = Object.keys(tables) as AlignYourStepsFamily[];

/** Align Your Steps: the family's levels, for other numbers of steps interpolated in their logarithm; the last is 0. @param steps 1 or more */
export function alignYourSteps(family: AlignYourStepsFamily, steps: number): Float32Array {
  const levels = tables[family];
  const last = levels.length - 1;
  const sigmas = Float32Array.from({ length: steps + 1 }, (_, i) => {
    const at = (i / steps) * last;
    const before = Math.min(Math.floor(at), last - 1);
    return exp(log(levels[before]!) + (at - before) * (log(levels[before + 1]!) - log(levels[before]!)));
  });
  sigmas[steps] = 0;
  return sigmas;
}
