import { ACTIVATIONS, type Activation } from "@patchbay/engine-bindings";
import { record, weightTensor } from "../ir/trace.js";
import { sameShape } from "../ir/shape.js";
import type { Attributes, OpDefinition, Tensor } from "../ir/tensor.js";
import type { WeightScope } from "../weights/weightScope.js";
import { activationAt } from "./activation.js";
import { operand, shapeError } from "./shapeError.js";

/** ints: activation, strideH, strideW, padTop, padLeft, padBottom, padRight, resizeH, resizeW. */
export const conv2dOp: OpDefinition = {
  name: "conv2d",
  infer(inputs, attributes) {
    const [x, weight] = [operand("conv2d", inputs, 0), operand("conv2d", inputs, 1)];
    const [, , bias, channelAdd, residual] = inputs;
    if (x.shape.length !== 4 || weight.shape.length !== 4)
      throw shapeError("conv2d", inputs, "x must be [N, H, W, I] and the weight [O, I, kh, kw]");
    if (x.dim(3) !== weight.dim(1)) throw shapeError("conv2d", inputs, `x must have ${weight.dim(1)} channels`);
    const geometry = convGeometry(x.shape, weight.shape, attributes);
    if (geometry.outH < 1 || geometry.outW < 1) throw shapeError("conv2d", inputs, "the picture is smaller than the kernel");
    const channels = weight.dim(0);
    if (bias && !sameShape(bias.shape, [channels])) throw shapeError("conv2d", inputs, `the bias must be [${channels}]`);
    if (channelAdd && !sameShape(channelAdd.shape, [x.dim(0), channels])) throw shapeError("conv2d", inputs, "channelAdd must be [N, O]");
    const shape = [x.dim(0), geometry.outH, geometry.outW, channels];
    if (residual && !sameShape(residual.shape, shape)) throw shapeError("conv2d", inputs, `the residual must be [${shape.join(", ")}]`);
    return shape;
  },
  reference([x, weight, bias, channelAdd, residual], attributes, shape) {
    const [, inH = 0, inW = 0, inC = 0] = x!.shape;
    const [outC = 0, , kernelH = 0, kernelW = 0] = weight!.shape;
    const g = convGeometry(x!.shape, weight!.shape, attributes);
    const act = activationAt(attributes.ints[0]);
    const out = new Float32Array(shape.reduce((a, b) => a * b, 1));
    for (let i = 0; i < out.length; i++) {
      const o = i % outC;
      const ox = Math.floor(i / outC) % g.outW;
      const oy = Math.floor(i / (outC * g.outW)) % g.outH;
      const n = Math.floor(i / (outC * g.outW * g.outH));
      let sum = (bias ? bias.data[o]! : 0) + (channelAdd ? channelAdd.data[n * outC + o]! : 0);
      for (let ky = 0; ky < kernelH; ky++) {
        const y = oy * g.strideH + ky - g.padTop;
        if (y < 0 || y >= g.readH) continue;
        for (let kx = 0; kx < kernelW; kx++) {
          const column = ox * g.strideW + kx - g.padLeft;
          if (column < 0 || column >= g.readW) continue;
          const sy = Math.floor((y * inH) / g.readH);
          const sx = Math.floor((column * inW) / g.readW);
          const pixel = ((n * inH + sy) * inW + sx) * inC;
          for (let c = 0; c < inC; c++) sum += x!.data[pixel + c]! * weight!.data[((o * inC + c) * kernelH + ky) * kernelW + kx]!;
        }
      }
      out[i] = act(sum) + (residual ? residual.data[i]! : 0);
    }
    return out;
  },
};

function convGeometry(x: readonly number[], weight: readonly number[], { ints }: Attributes) {
  const [, strideH = 1, strideW = 1, padTop = 0, padLeft = 0, padBottom = 0, padRight = 0, resizeH = 0, resizeW = 0] = ints;
  const readH = resizeH || x[1]!;
  const readW = resizeW || x[2]!;
  const outH = Math.floor((readH + padTop + padBottom - weight[2]!) / strideH) + 1;
  const outW = Math.floor((readW + padLeft + padRight - weight[3]!) / strideW) + 1;
  return { strideH, strideW, padTop, padLeft, readH, readW, outH, outW };
}

export interface Conv2dOptions {
  readonly stride?: number;
  /** One number for all sides, or [top, left, bottom, right]. Zeros. */
  readonly padding?: number | readonly [number, number, number, number];
  readonly activation?: Activation;
}

/** x[N, H, W, I] → [N, Ho, Wo, O] with `weight` [O, I, kh, kw] and, where the scope has one, `bias` [O]. @throws ENGINE_SHAPE, WEIGHTS_MISSING */
export function conv2d(x: Tensor, scope: WeightScope, { stride = 1, padding = 0, activation = "none" }: Conv2dOptions = {}): Tensor {
  const bias = scope.find("bias");
  const pads = typeof padding === "number" ? [padding, padding, padding, padding] : padding;
  const ints = [ACTIVATIONS.indexOf(activation), stride, stride, ...pads, 0, 0];
  return record(conv2dOp, [x, weightTensor(scope.get("weight")), bias && weightTensor(bias), undefined, undefined], { ints });
}
