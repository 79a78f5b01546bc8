/**
 * The ops a plan may hold. `native/core/opTable.def` lists the same names in the same order
 * (a test compares the two); the position is the opcode. Everything computes in fp32.
 *
 * "rows" are all dimensions but the last, flattened. Activations are channels-last: [N, H, W, C].
 * Attributes are written in the order given here: `ints` are int32, `floats` are float32.
 * A `?` marks an operand that the op's `operands` bit mask says is there (bit k = k-th `?` operand, from 0).
 */
export const OP_TABLE = [
  /**
   * out[rows, N] = act(x[rows, K] · Wᵀ + bias[N]?) + residual[rows, N]?; layout 0: W is [N, K]; 1: [K, N]. Layout 2: W is [2N, K] and the bias
   * [2N]; out = (columns 0..N of x · Wᵀ + bias) * gelu(columns N..2N), without activation and residual, N a multiple of 32.
   */
  { name: "linear", inputs: ["x", "weight", "bias?", "residual?"], ints: ["operands", "activation", "layout"], floats: [] },
  /**
   * out[N, Ho, Wo, O] = act(conv(x[N, H, W, I], weight[O, I, kh, kw]) + bias[O]? + channelAdd[N, O]?) + residual[N, Ho, Wo, O]?.
   * Zero padding; one below 0 leaves pixels out. When resizeH is not 0, x is first read as if resized to [N, resizeH, resizeW, I] by nearest (floor).
   */
  {
    name: "conv2d",
    inputs: ["x", "weight", "bias?", "channelAdd?", "residual?"],
    ints: ["operands", "activation", "strideH", "strideW", "padTop", "padLeft", "padBottom", "padRight", "resizeH", "resizeW"],
    floats: [],
  },
  /**
   * x[N, ..., C]; mean and biased variance over all of ... and C/groups; out = act((x - mean)/sqrt(var + eps) * gamma[C] + beta[C]).
   * With moments[N, chunks, groups, 5], those of a tensor that x is a part of: mean and variance are that tensor's.
   */
  { name: "groupNorm", inputs: ["x", "gamma", "beta", "moments?"], ints: ["operands", "groups", "activation"], floats: ["eps"] },
  /** Over the last dimension; out = (x - mean)/sqrt(var + eps) * gamma? + beta?. */
  { name: "layerNorm", inputs: ["x", "gamma?", "beta?"], ints: ["operands"], floats: ["eps"] },
  /** q[B, Lq, heads*D], k and v[B, Lk, heads*D] → [B, Lq, heads*D]; softmax(scale * q·kᵀ)·v a head; causal: key j ≤ query i. */
  { name: "attention", inputs: ["q", "k", "v"], ints: ["heads", "causal"], floats: ["scale"] },
  /** a[..., M, K] · b[..., K, N] (b[..., N, K] when transposed) → [..., M, N]; leading dimensions equal. */
  { name: "matmul", inputs: ["a", "b"], ints: ["transposed"], floats: [] },
  /** Over the last dimension. */
  { name: "softmax", inputs: ["x"], ints: [], floats: [] },
  { name: "unary", inputs: ["x"], ints: ["function"], floats: [] },
  /** Shapes aligned at the right, each dimension equal or 1. */
  { name: "binary", inputs: ["a", "b"], ints: ["function"], floats: [] },
  /** out = x * scale + shift. */
  { name: "affine", inputs: ["x"], ints: [], floats: ["scale", "shift"] },
  /** out = min(max(x, low), high); NaN stays NaN. */
  { name: "clamp", inputs: ["x"], ints: [], floats: ["low", "high"] },
  /** x[rows, 2C] → [rows, C]: x[:, :C] * gelu(x[:, C:]), the erf form. */
  { name: "geglu", inputs: ["x"], ints: [], floats: [] },
  /** Any number of inputs; equal but for `axis` (counted from 0). */
  { name: "concat", inputs: ["...x"], ints: ["axis"], floats: [] },
  /** out = x[start0 : start0+outShape0, ...]: one start per dimension of x. */
  { name: "slice", inputs: ["x"], ints: ["...starts"], floats: [] },
  /** out dimension i is x dimension perm[i]. */
  { name: "permute", inputs: ["x"], ints: ["...perm"], floats: [] },
  /** x[N, H, W, C] → [N, Ho, Wo, C]. mode 0 nearest: source = floor(i * in/out); 1 bilinear, half-pixel centres, edges clamped. */
  { name: "resize", inputs: ["x"], ints: ["mode"], floats: [] },
  /** table[V, C], ids int32 [...] → [..., C]; an id outside 0..V-1 is an error. */
  { name: "gather", inputs: ["table", "ids"], ints: [], floats: [] },
  /** Over the last dimension, which becomes 1. */
  { name: "reduce", inputs: ["x"], ints: ["function"], floats: [] },
  /** Same elements in the same order: a reshape that could not be a view. */
  { name: "copy", inputs: ["x"], ints: [], floats: [] },
  /**
   * x[N, L, ..., C] → [N, ceil(L/chunk), groups, 5]: for each chunk of dimension 1 and each group of channels how many values there are,
   * their mean and the sum of squared distances from it, the last two as a float and what that lacks.
   */
  { name: "moments", inputs: ["x"], ints: ["groups", "chunk"], floats: [] },
] as const;

export type OpName = (typeof OP_TABLE)[number]["name"];

/** Activations of `linear`, `conv2d` and `groupNorm`, by position. gelu is the erf form, quickGelu x·sigmoid(1.702x). */
export const ACTIVATIONS = ["none", "silu", "gelu", "quickGelu"] as const;
export type Activation = (typeof ACTIVATIONS)[number];

/** How a linear's weight lies, by position: see `linear` in OP_TABLE. */
export const LINEAR_LAYOUTS = ["rows", "transposed", "gated"] as const;

/** Functions of `unary`, by position. */
export const UNARY_FUNCTIONS = [
  "silu",
  "gelu",
  "quickGelu",
  "sigmoid",
  "tanh",
  "exp",
  "log",
  "sqrt",
  "reciprocal",
  "negate",
  "abs",
  "square",
  "relu",
] as const;
export type UnaryFunction = (typeof UNARY_FUNCTIONS)[number];

/** Functions of `binary`, by position. */
export const BINARY_FUNCTIONS = ["add", "subtract", "multiply", "divide", "maximum", "minimum"] as const;
export type BinaryFunction = (typeof BINARY_FUNCTIONS)[number];

/** Functions of `reduce`, by position. */
export const REDUCE_FUNCTIONS = ["sum", "mean", "maximum", "minimum"] as const;
export type ReduceFunction = (typeof REDUCE_FUNCTIONS)[number];

/** Storage types of tensors and weights, by position. Activations are f32; gather's ids are i32. */
export const DTYPES = ["f32", "f16", "bf16", "i32"] as const;
export type DType = (typeof DTYPES)[number];
