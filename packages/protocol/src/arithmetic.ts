import * as z from "zod";

/** What networks may be computed with, as a run asks for it: the engine's names (packages/engine-bindings, planFormat.ts). */
export const precisions = ["exact", "fast", "small"] as const;
export const precisionSchema = z.enum(precisions);
export type Precision = z.infer<typeof precisionSchema>;

/**
 * What a run is computed with, which is not always what was asked for: where the CPU has no products of bf16, "fast" becomes "exact". Equal inputs
 * give equal bytes only where both are equal.
 */
export const arithmeticSchema = z.strictObject({
  precision: precisionSchema,
  /** The engine's instruction set, such as "avx512". */
  isa: z.string().min(1),
  /** What was asked for, where that could not be had. */
  asked: precisionSchema.optional(),
});
export type Arithmetic = z.infer<typeof arithmeticSchema>;
