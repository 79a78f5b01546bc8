// The one list of workloads. An engine makes each from its `kind` and `sizes`; the same object is what its process is asked for.

/** Denoising steps of a whole picture: few, because neither its peak memory nor a step's time depends on how many there are. */
const steps = 2;

/** 10^12 multiplications and additions of a product of [2, tokens, inputs] with a matrix. */
const gemmTeraflop = ({ tokens, inputs, outputs }) => (2 * 2 * tokens * inputs * outputs) / 1e12;

/** The same of a transformer block: eight square projections' worth in q, k, v, out, q, out; 8 and 4 widths in the feed-forward; two attentions. */
function blockTeraflop({ tokens, width, contextTokens, contextWidth }) {
  const projections = gemmTeraflop({ tokens, inputs: width, outputs: (4 + 2 + 8 + 4) * width });
  const ofContext = gemmTeraflop({ tokens: contextTokens, inputs: contextWidth, outputs: 2 * width });
  const attentions = (4 * 2 * tokens * (tokens + contextTokens) * width) / 1e12;
  return projections + ofContext + attentions;
}

function block(tokens, width, heads) {
  const sizes = { tokens, width, heads, contextTokens: 77, contextWidth: 2048 };
  return { name: `sdxl block ${tokens}x${width}`, kind: "block", sizes, teraflop: blockTeraflop(sizes) };
}

function gemm(tokens, inputs, outputs) {
  const sizes = { tokens, inputs, outputs };
  return { name: `gemm ${tokens}x${inputs} to ${outputs}`, kind: "gemm", sizes, teraflop: gemmTeraflop(sizes) };
}

/**
 * `teraflop`: 10^12 multiplications and additions, where they are known. `apart`: each measurement is the first and only work of a new process,
 * so that its time and its peak memory are those of a run. `oursOnly`: the peers have nothing like it.
 */
export const workloads = [
  { name: "cold start", kind: "coldStart", apart: true, oursOnly: true },
  { name: "starter picture", kind: "starter", sizes: {}, oursOnly: true },
  { name: "unet 256", kind: "unet", sizes: { side: 32 }, teraflop: 0.38 },
  { name: "unet 512", kind: "unet", sizes: { side: 64 }, teraflop: 1.61 },
  { name: "vae decode 256", kind: "decode", sizes: { side: 32 }, teraflop: 0.62 },
  { name: "vae decode 512", kind: "decode", sizes: { side: 64 }, teraflop: 2.51 },
  { name: "vae encode 512", kind: "encode", sizes: { side: 64 }, teraflop: 1.12 },
  { name: "clip text", kind: "text", sizes: {}, teraflop: 0.0133 },
  { name: "picture 512", kind: "picture", sizes: { side: 64, steps }, apart: true, teraflop: 2 * 0.0133 + steps * 1.61 + 2.51 },
  { name: "picture 512 within 1500 MB", kind: "picture", sizes: { side: 64, steps, megabytes: 1500 }, apart: true, oursOnly: true },
  block(4096, 640, 10),
  block(1024, 1280, 20),
  gemm(4096, 640, 640),
  gemm(4096, 640, 5120),
  gemm(4096, 2560, 640),
  gemm(1024, 1280, 1280),
  gemm(1024, 1280, 10240),
  gemm(1024, 5120, 1280),
];
