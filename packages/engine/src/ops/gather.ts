import { EngineError } from "@patchbay/engine-bindings";
import { record, weightTensor } from "../ir/trace.js";
import type { OpDefinition, Tensor } from "../ir/tensor.js";
import type { Weight } from "../weights/weight.js";
import { operand, shapeError } from "./shapeError.js";

export const gatherOp: OpDefinition = {
  name: "gather",
  infer(inputs) {
    const [table, ids] = [operand("gather", inputs, 0), operand("gather", inputs, 1)];
    if (table.shape.length !== 2) throw shapeError("gather", inputs, "the table must be [V, C]");
    if (ids.dtype !== "i32") throw shapeError("gather", inputs, "ids must be int32");
    return [...ids.shape, table.dim(1)];
  },
  reference([table, ids]) {
    const [rows = 0, width = 0] = table!.shape;
    const out = new Float32Array(ids!.data.length * width);
    ids!.data.forEach((id, i) => {
      if (id < 0 || id >= rows) throw new EngineError("ENGINE_BOUNDS", `could not gather row ${id}: the table has ${rows}`);
      out.set(table!.data.subarray(id * width, (id + 1) * width), i * width);
    });
    return out;
  },
};

/** Rows of a table [V, C] by int32 ids [...] → [..., C]. @throws ENGINE_SHAPE; when run, ENGINE_BOUNDS for an id outside the table */
export function gather(table: Weight, ids: Tensor): Tensor {
  return record(gatherOp, [weightTensor(table), ids]);
}
