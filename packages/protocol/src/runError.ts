import * as z from "zod";

/** What went wrong, as it crosses a process border. */
export const runErrorSchema = z.strictObject({
  /** From the registry in errors.ts. */
  code: z.string(),
  message: z.string(),
  /** The node that failed; null when it was none. */
  node: z.string().nullable(),
  nodeType: z.string().nullable(),
});

export type RunError = z.infer<typeof runErrorSchema>;
