import { record } from "../ir/trace.js";
import type { OpDefinition, Tensor } from "../ir/tensor.js";
import { operand, shapeError } from "./shapeError.js";

const MODES = ["nearest", "bilinear"] as const;

/** ints: mode. */
export const resizeOp: OpDefinition = {
  name: "resize",
  infer(inputs, _attributes, requested) {
    const x = operand("resize", inputs, 0);
    const fits = x.shape.length === 4 && requested?.length === 4 && requested[0] === x.dim(0) && requested[3] === x.dim(3);
    if (!fits || requested[1]! < 1 || requested[2]! < 1)
      throw shapeError("resize", inputs, "x must be [N, H, W, C], and only H and W may change");
    return requested;
  },
  reference([x], { ints: [mode] }, shape) {
    const [batch = 0, outH = 0, outW = 0, channels = 0] = shape;
    const [, inH = 0, inW = 0] = x!.shape;
    const out = new Float32Array(batch * outH * outW * channels);
    let i = 0;
    for (let n = 0; n < batch; n++) {
      for (let y = 0; y < outH; y++) {
        for (let column = 0; column < outW; column++) {
          const rows = mode ? bilinear(y, inH, outH) : nearest(y, inH, outH);
          const columns = mode ? bilinear(column, inW, outW) : nearest(column, inW, outW);
          for (let c = 0; c < channels; c++) {
            let sum = 0;
            for (const [sy, wy] of rows)
              for (const [sx, wx] of columns) sum += wy * wx * x!.data[((n * inH + sy) * inW + sx) * channels + c]!;
            out[i++] = sum;
          }
        }
      }
    }
    return out;
  },
};

type Taps = readonly (readonly [position: number, weight: number])[];

function nearest(position: number, from: number, to: number): Taps {
  return [[Math.floor((position * from) / to), 1]];
}

function bilinear(position: number, from: number, to: number): Taps {
  const source = Math.max(0, ((position + 0.5) * from) / to - 0.5);
  const low = Math.min(Math.floor(source), from - 1);
  return [
    [low, 1 - (source - low)],
    [Math.min(low + 1, from - 1), source - low],
  ];
}

/** x[N, H, W, C] → [N, height, width, C]; nearest takes floor(i · in/out), bilinear has half-pixel centres. @throws ENGINE_SHAPE */
export function resize(x: Tensor, height: number, width: number, mode: (typeof MODES)[number] = "nearest"): Tensor {
  return record(resizeOp, [x], { ints: [MODES.indexOf(mode)] }, [x.dim(0), height, width, x.dim(3)]);
}
