import type { OpDefinition } from "../ir/tensor.js";
import { reshapeOp } from "./reshape.js";

/** A reshape that must move its elements: the planner writes it where a view can't serve. */
export const copyOp: OpDefinition = { ...reshapeOp, name: "copy" };
