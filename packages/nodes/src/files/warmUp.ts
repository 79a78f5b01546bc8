import { encodePng } from "./encodePng.js";
import { encodePreview } from "./encodePreview.js";

/** Loads what the first picture would otherwise wait for: the encoders. */
export async function warmUp(): Promise<void> {
  // As large as to need the encoder of large pictures.
  const side = 128;
  const image = { data: new Float32Array(side * side * 3), batch: 1, height: side, width: side, channels: 3 };
  await encodePng(image, 0, { compression: 1, texts: {} });
  await encodePreview({ data: new Uint8Array(side * side * 3), width: side, height: side });
}
