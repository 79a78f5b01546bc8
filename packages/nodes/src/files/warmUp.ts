import { encodePng } from "./encodePng.js";
import { encodePreview } from "./encodePreview.js";

/** Loads what the first picture would otherwise wait for: the encoders. */
export async function warmUp(): Promise<void> {
  const image = { data: new Float32Array(3), batch: 1, height: 1, width: 1, channels: 3 };
  await encodePng(image, 0, { compression: 1, texts: {} });
  await encodePreview({ data: new Uint8Array(3), width: 1, height: 1 });
}
