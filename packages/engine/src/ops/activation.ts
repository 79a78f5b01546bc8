import { ACTIVATIONS, type Activation } from "@patchbay/engine-bindings";
import { erf } from "./erf.js";

/** The scalar functions behind activations, in double precision. */
export const activationFunctions: Readonly<Record<Activation, (x: number) => number>> = {
  none: (x) => x,
  silu: (x) => x / (1 + Math.exp(-x)),
  gelu: (x) => 0.5 * x * (1 + erf(x * Math.SQRT1_2)),
  quickGelu: (x) => x / (1 + Math.exp(-1.702 * x)),
};

/** The activation at `position` of ACTIVATIONS. */
export function activationAt(position: number | undefined): (x: number) => number {
  return activationFunctions[ACTIVATIONS[position ?? 0] ?? "none"];
}
