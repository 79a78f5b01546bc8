import type { Arithmetic, Precision } from "@patchbay/protocol";

export const precisionNames: Readonly<Record<Precision, string>> = { exact: "Exact", fast: "Fast", small: "Small" };

/** What a run was computed with, in a few words; where something else was asked for, that too. Undefined where it is not known. */
export function precisionUsed(used: Arithmetic | null | undefined): string | undefined {
  if (!used) return undefined;
  const name = precisionNames[used.precision];
  return used.asked ? `${name} instead of ${precisionNames[used.asked]}` : name;
}

/** Why a run was computed with something else than was asked for; undefined where it was not. */
export function fallbackReason(used: Arithmetic | null | undefined): string | undefined {
  if (!used?.asked) return undefined;
  return `The server's processor can't compute ${precisionNames[used.asked]}, so the run was ${precisionNames[used.precision]}.`;
}
