import type { Catalog } from "@patchbay/graph";
import type { Node } from "./defineNode.js";
import type { FileSource } from "./inputs.js";
import { emptyImage } from "./image/emptyImage.js";
import { imageInvert } from "./image/color/imageInvert.js";
import { imageScale } from "./image/upscaling/imageScale.js";
import { imageScaleBy } from "./image/upscaling/imageScaleBy.js";
import { invertMask } from "./image/mask/invertMask.js";
import { maskToImage } from "./image/mask/maskToImage.js";
import { solidMask } from "./image/mask/solidMask.js";
import { loadImage } from "./image/loadImage.js";
import { loadImageMask } from "./image/loadImageMask.js";
import { previewImage } from "./image/previewImage.js";
import { saveImage } from "./image/saveImage.js";
import { clipSetLastLayer } from "./model/conditioning/clipSetLastLayer.js";
import { clipTextEncode } from "./model/conditioning/clipTextEncode.js";
import { conditioningCombine } from "./model/conditioning/transform/conditioningCombine.js";
import { conditioningAverage } from "./model/conditioning/transform/conditioningAverage.js";
import { conditioningConcat } from "./model/conditioning/transform/conditioningConcat.js";
import { conditioningSetArea } from "./model/conditioning/transform/conditioningSetArea.js";
import { conditioningSetAreaPercentage } from "./model/conditioning/transform/conditioningSetAreaPercentage.js";
import { conditioningSetAreaStrength } from "./model/conditioning/transform/conditioningSetAreaStrength.js";
import { conditioningSetMask } from "./model/conditioning/transform/conditioningSetMask.js";
import { conditioningSetTimestepRange } from "./model/conditioning/transform/conditioningSetTimestepRange.js";
import { conditioningZeroOut } from "./model/conditioning/transform/conditioningZeroOut.js";
import { latentFromBatch } from "./model/latent/batch/latentFromBatch.js";
import { repeatLatentBatch } from "./model/latent/batch/repeatLatentBatch.js";
import { emptyLatentImage } from "./model/latent/emptyLatentImage.js";
import { latentUpscale } from "./model/latent/latentUpscale.js";
import { latentUpscaleBy } from "./model/latent/latentUpscaleBy.js";
import { loadLatent } from "./model/latent/loadLatent.js";
import { saveLatent } from "./model/latent/saveLatent.js";
import { setLatentNoiseMask } from "./model/latent/setLatentNoiseMask.js";
import { vaeDecode } from "./model/latent/vaeDecode.js";
import { vaeEncode } from "./model/latent/vaeEncode.js";
import { vaeEncodeForInpaint } from "./model/latent/vaeEncodeForInpaint.js";
import { checkpointLoaderSimple } from "./model/loaders/checkpointLoaderSimple.js";
import { diffusersLoader } from "./model/loaders/diffusersLoader.js";
import { loraLoader } from "./model/loaders/loraLoader.js";
import { loraLoaderModelOnly } from "./model/loaders/loraLoaderModelOnly.js";
import { vaeLoader } from "./model/loaders/vaeLoader.js";
import { kSampler } from "./model/sampling/kSampler.js";
import { kSamplerAdvanced } from "./model/sampling/kSamplerAdvanced.js";
import { primitiveBoolean } from "./utilities/primitive/primitiveBoolean.js";
import { primitiveFloat } from "./utilities/primitive/primitiveFloat.js";
import { primitiveInt } from "./utilities/primitive/primitiveInt.js";
import { primitiveString } from "./utilities/primitive/primitiveString.js";
import { primitiveStringMultiline } from "./utilities/primitive/primitiveStringMultiline.js";

/** Every node, in the order of the menu. */
export const nodes: readonly Node[] = [
  checkpointLoaderSimple,
  vaeLoader,
  loraLoader,
  loraLoaderModelOnly,
  diffusersLoader,
  clipTextEncode,
  clipSetLastLayer,
  conditioningCombine,
  conditioningAverage,
  conditioningConcat,
  conditioningSetArea,
  conditioningSetAreaPercentage,
  conditioningSetAreaStrength,
  conditioningSetMask,
  conditioningSetTimestepRange,
  conditioningZeroOut,
  kSampler,
  kSamplerAdvanced,
  emptyLatentImage,
  vaeDecode,
  vaeEncode,
  vaeEncodeForInpaint,
  latentUpscale,
  latentUpscaleBy,
  setLatentNoiseMask,
  latentFromBatch,
  repeatLatentBatch,
  saveLatent,
  loadLatent,
  loadImage,
  loadImageMask,
  saveImage,
  previewImage,
  emptyImage,
  imageScale,
  imageScaleBy,
  imageInvert,
  maskToImage,
  invertMask,
  solidMask,
  primitiveInt,
  primitiveFloat,
  primitiveString,
  primitiveStringMultiline,
  primitiveBoolean,
];

/** The nodes by type. */
export const nodesByType: ReadonlyMap<string, Node> = new Map(nodes.map((node) => [node.type, node]));

/** The body of `/object_info`; `listFiles` gives the values of combos that list files, which are left open without it. */
export function describeNodes(listFiles?: (source: FileSource) => readonly string[]): Catalog {
  return Object.fromEntries(nodes.map((node) => [node.type, node.info(listFiles)]));
}
