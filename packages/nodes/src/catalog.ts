import type { Catalog } from "@patchbay/graph";
import type { Node } from "./defineNode.js";
import type { FileSource } from "./inputs.js";
import { latentBlend } from "./experimental/latentBlend.js";
import { imageBatch } from "./image/batch/imageBatch.js";
import { imageFromBatch } from "./image/batch/imageFromBatch.js";
import { repeatImageBatch } from "./image/batch/repeatImageBatch.js";
import { imageInvert } from "./image/color/imageInvert.js";
import { imageRgbToYuv } from "./image/color/imageRgbToYuv.js";
import { imageYuvToRgb } from "./image/color/imageYuvToRgb.js";
import { imageCompositeMasked } from "./image/compositing/imageCompositeMasked.js";
import { joinImageWithAlpha } from "./image/compositing/joinImageWithAlpha.js";
import { porterDuffImageComposite } from "./image/compositing/porterDuffImageComposite.js";
import { splitImageWithAlpha } from "./image/compositing/splitImageWithAlpha.js";
import { emptyImage } from "./image/emptyImage.js";
import { imageAddNoise } from "./image/filters/imageAddNoise.js";
import { imageBlend } from "./image/filters/imageBlend.js";
import { imageBlur } from "./image/filters/imageBlur.js";
import { imageQuantize } from "./image/filters/imageQuantize.js";
import { imageSharpen } from "./image/filters/imageSharpen.js";
import { morphology } from "./image/filters/morphology.js";
import { getImageSize } from "./image/getImageSize.js";
import { loadImage } from "./image/loadImage.js";
import { loadImageMask } from "./image/loadImageMask.js";
import { cropMask } from "./image/mask/cropMask.js";
import { featherMask } from "./image/mask/featherMask.js";
import { growMask } from "./image/mask/growMask.js";
import { imageColorToMask } from "./image/mask/imageColorToMask.js";
import { imageToMask } from "./image/mask/imageToMask.js";
import { invertMask } from "./image/mask/invertMask.js";
import { maskComposite } from "./image/mask/maskComposite.js";
import { maskPreview } from "./image/mask/maskPreview.js";
import { maskToImage } from "./image/mask/maskToImage.js";
import { solidMask } from "./image/mask/solidMask.js";
import { thresholdMask } from "./image/mask/thresholdMask.js";
import { previewImage } from "./image/previewImage.js";
import { saveImage } from "./image/saveImage.js";
import { imageCrop } from "./image/transform/imageCrop.js";
import { imageFlip } from "./image/transform/imageFlip.js";
import { imagePadForOutpaint } from "./image/transform/imagePadForOutpaint.js";
import { imageRotate } from "./image/transform/imageRotate.js";
import { imageStitch } from "./image/transform/imageStitch.js";
import { resizeAndPadImage } from "./image/transform/resizeAndPadImage.js";
import { imageScale } from "./image/upscaling/imageScale.js";
import { imageScaleBy } from "./image/upscaling/imageScaleBy.js";
import { imageScaleToMaxDimension } from "./image/upscaling/imageScaleToMaxDimension.js";
import { imageScaleToTotalPixels } from "./image/upscaling/imageScaleToTotalPixels.js";
import { clipSetLastLayer } from "./model/conditioning/clipSetLastLayer.js";
import { clipTextEncode } from "./model/conditioning/clipTextEncode.js";
import { conditioningAverage } from "./model/conditioning/transform/conditioningAverage.js";
import { conditioningCombine } from "./model/conditioning/transform/conditioningCombine.js";
import { conditioningConcat } from "./model/conditioning/transform/conditioningConcat.js";
import { conditioningMultiply } from "./model/conditioning/transform/conditioningMultiply.js";
import { conditioningSetArea } from "./model/conditioning/transform/conditioningSetArea.js";
import { conditioningSetAreaPercentage } from "./model/conditioning/transform/conditioningSetAreaPercentage.js";
import { conditioningSetAreaStrength } from "./model/conditioning/transform/conditioningSetAreaStrength.js";
import { conditioningSetMask } from "./model/conditioning/transform/conditioningSetMask.js";
import { conditioningSetTimestepRange } from "./model/conditioning/transform/conditioningSetTimestepRange.js";
import { conditioningZeroOut } from "./model/conditioning/transform/conditioningZeroOut.js";
import { latentAdd } from "./model/latent/advanced/latentAdd.js";
import { latentBatchSeedBehavior } from "./model/latent/advanced/latentBatchSeedBehavior.js";
import { latentConcat } from "./model/latent/advanced/latentConcat.js";
import { latentCut } from "./model/latent/advanced/latentCut.js";
import { latentCutToBatch } from "./model/latent/advanced/latentCutToBatch.js";
import { latentInterpolate } from "./model/latent/advanced/latentInterpolate.js";
import { latentMultiply } from "./model/latent/advanced/latentMultiply.js";
import { latentSubtract } from "./model/latent/advanced/latentSubtract.js";
import { latentBatch } from "./model/latent/batch/latentBatch.js";
import { latentFromBatch } from "./model/latent/batch/latentFromBatch.js";
import { repeatLatentBatch } from "./model/latent/batch/repeatLatentBatch.js";
import { emptyLatentImage } from "./model/latent/emptyLatentImage.js";
import { latentComposite } from "./model/latent/latentComposite.js";
import { latentCompositeMasked } from "./model/latent/latentCompositeMasked.js";
import { latentUpscale } from "./model/latent/latentUpscale.js";
import { latentUpscaleBy } from "./model/latent/latentUpscaleBy.js";
import { loadLatent } from "./model/latent/loadLatent.js";
import { saveLatent } from "./model/latent/saveLatent.js";
import { setLatentNoiseMask } from "./model/latent/setLatentNoiseMask.js";
import { latentCrop } from "./model/latent/transform/latentCrop.js";
import { latentFlip } from "./model/latent/transform/latentFlip.js";
import { latentRotate } from "./model/latent/transform/latentRotate.js";
import { vaeDecode } from "./model/latent/vaeDecode.js";
import { vaeEncode } from "./model/latent/vaeEncode.js";
import { vaeEncodeForInpaint } from "./model/latent/vaeEncodeForInpaint.js";
import { checkpointLoaderSimple } from "./model/loaders/checkpointLoaderSimple.js";
import { diffusersLoader } from "./model/loaders/diffusersLoader.js";
import { loraLoader } from "./model/loaders/loraLoader.js";
import { loraLoaderModelOnly } from "./model/loaders/loraLoaderModelOnly.js";
import { vaeLoader } from "./model/loaders/vaeLoader.js";
import { modelSamplingContinuousEdm } from "./model/patch/modelSamplingContinuousEdm.js";
import { modelSamplingContinuousV } from "./model/patch/modelSamplingContinuousV.js";
import { modelSamplingDiscrete } from "./model/patch/modelSamplingDiscrete.js";
import { rescaleCfgNode } from "./model/patch/rescaleCfg.js";
import { samplerCustom } from "./model/sampling/custom/samplerCustom.js";
import { samplerCustomAdvanced } from "./model/sampling/custom/samplerCustomAdvanced.js";
import { basicGuiderNode } from "./model/sampling/guiders/basicGuider.js";
import { cfgGuiderNode } from "./model/sampling/guiders/cfgGuider.js";
import { dualCfgGuiderNode } from "./model/sampling/guiders/dualCfgGuider.js";
import { kSampler } from "./model/sampling/kSampler.js";
import { kSamplerAdvanced } from "./model/sampling/kSamplerAdvanced.js";
import { perpNegGuiderNode } from "./experimental/perpNegGuider.js";
import { disableNoise } from "./model/sampling/noise/disableNoise.js";
import { randomNoise } from "./model/sampling/noise/randomNoise.js";
import { kSamplerSelect } from "./model/sampling/samplers/kSamplerSelect.js";
import { samplerDpmAdaptive } from "./model/sampling/samplers/samplerDpmAdaptive.js";
import { samplerDpmpp2mSde } from "./model/sampling/samplers/samplerDpmpp2mSde.js";
import { samplerDpmpp2sAncestral } from "./model/sampling/samplers/samplerDpmpp2sAncestral.js";
import { samplerDpmpp3mSde } from "./model/sampling/samplers/samplerDpmpp3mSde.js";
import { samplerDpmppSde } from "./model/sampling/samplers/samplerDpmppSde.js";
import { samplerErSde } from "./model/sampling/samplers/samplerErSde.js";
import { samplerEulerAncestral } from "./model/sampling/samplers/samplerEulerAncestral.js";
import { samplerEulerAncestralCfgPp } from "./model/sampling/samplers/samplerEulerAncestralCfgPp.js";
import { samplerLms } from "./model/sampling/samplers/samplerLms.js";
import { samplerSeeds2 } from "./model/sampling/samplers/samplerSeeds2.js";
import { alignYourStepsScheduler } from "./model/sampling/schedulers/alignYourStepsScheduler.js";
import { basicScheduler } from "./model/sampling/schedulers/basicScheduler.js";
import { betaSamplingScheduler } from "./model/sampling/schedulers/betaSamplingScheduler.js";
import { exponentialScheduler } from "./model/sampling/schedulers/exponentialScheduler.js";
import { karrasScheduler } from "./model/sampling/schedulers/karrasScheduler.js";
import { laplaceScheduler } from "./model/sampling/schedulers/laplaceScheduler.js";
import { polyexponentialScheduler } from "./model/sampling/schedulers/polyexponentialScheduler.js";
import { sdTurboScheduler } from "./model/sampling/schedulers/sdTurboScheduler.js";
import { vpScheduler } from "./model/sampling/schedulers/vpScheduler.js";
import { extendIntermediateSigmas } from "./model/sampling/sigmas/extendIntermediateSigmas.js";
import { flipSigmas } from "./model/sampling/sigmas/flipSigmas.js";
import { manualSigmas } from "./model/sampling/sigmas/manualSigmas.js";
import { samplingPercentToSigma } from "./model/sampling/sigmas/samplingPercentToSigma.js";
import { setFirstSigma } from "./model/sampling/sigmas/setFirstSigma.js";
import { splitSigmas } from "./model/sampling/sigmas/splitSigmas.js";
import { splitSigmasDenoise } from "./model/sampling/sigmas/splitSigmasDenoise.js";
import { caseConverter } from "./text/caseConverter.js";
import { jsonExtractString } from "./text/jsonExtractString.js";
import { regexExtract } from "./text/regexExtract.js";
import { regexMatch } from "./text/regexMatch.js";
import { regexReplace } from "./text/regexReplace.js";
import { stringCompare } from "./text/stringCompare.js";
import { stringConcatenate } from "./text/stringConcatenate.js";
import { stringContains } from "./text/stringContains.js";
import { stringLength } from "./text/stringLength.js";
import { stringReplace } from "./text/stringReplace.js";
import { stringSubstring } from "./text/stringSubstring.js";
import { stringTrim } from "./text/stringTrim.js";
import { comfyNumberConvert } from "./utilities/comfyNumberConvert.js";
import { comfyNotNode } from "./utilities/logic/comfyNotNode.js";
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
  conditioningMultiply,
  conditioningSetArea,
  conditioningSetAreaPercentage,
  conditioningSetAreaStrength,
  conditioningSetMask,
  conditioningSetTimestepRange,
  conditioningZeroOut,
  modelSamplingDiscrete,
  modelSamplingContinuousEdm,
  modelSamplingContinuousV,
  rescaleCfgNode,
  kSampler,
  kSamplerAdvanced,
  samplerCustom,
  samplerCustomAdvanced,
  kSamplerSelect,
  samplerEulerAncestral,
  samplerEulerAncestralCfgPp,
  samplerLms,
  samplerDpmpp3mSde,
  samplerDpmpp2mSde,
  samplerDpmppSde,
  samplerDpmpp2sAncestral,
  samplerDpmAdaptive,
  samplerErSde,
  samplerSeeds2,
  basicScheduler,
  karrasScheduler,
  exponentialScheduler,
  polyexponentialScheduler,
  laplaceScheduler,
  vpScheduler,
  betaSamplingScheduler,
  sdTurboScheduler,
  alignYourStepsScheduler,
  splitSigmas,
  splitSigmasDenoise,
  flipSigmas,
  setFirstSigma,
  extendIntermediateSigmas,
  samplingPercentToSigma,
  manualSigmas,
  cfgGuiderNode,
  dualCfgGuiderNode,
  basicGuiderNode,
  perpNegGuiderNode,
  randomNoise,
  disableNoise,
  emptyLatentImage,
  vaeDecode,
  vaeEncode,
  vaeEncodeForInpaint,
  latentUpscale,
  latentUpscaleBy,
  setLatentNoiseMask,
  latentComposite,
  latentCompositeMasked,
  latentBlend,
  latentRotate,
  latentFlip,
  latentCrop,
  latentFromBatch,
  repeatLatentBatch,
  latentBatch,
  saveLatent,
  loadLatent,
  latentAdd,
  latentSubtract,
  latentMultiply,
  latentInterpolate,
  latentConcat,
  latentCut,
  latentCutToBatch,
  latentBatchSeedBehavior,
  loadImage,
  loadImageMask,
  saveImage,
  previewImage,
  emptyImage,
  getImageSize,
  imageBatch,
  repeatImageBatch,
  imageFromBatch,
  imageScale,
  imageScaleBy,
  imageScaleToTotalPixels,
  imageScaleToMaxDimension,
  imageCrop,
  imageFlip,
  imageRotate,
  imagePadForOutpaint,
  imageStitch,
  resizeAndPadImage,
  imageCompositeMasked,
  joinImageWithAlpha,
  splitImageWithAlpha,
  porterDuffImageComposite,
  imageAddNoise,
  imageBlend,
  imageBlur,
  imageQuantize,
  imageSharpen,
  morphology,
  imageInvert,
  imageRgbToYuv,
  imageYuvToRgb,
  maskToImage,
  imageToMask,
  imageColorToMask,
  invertMask,
  solidMask,
  cropMask,
  maskComposite,
  featherMask,
  growMask,
  thresholdMask,
  maskPreview,
  primitiveInt,
  primitiveFloat,
  primitiveString,
  primitiveStringMultiline,
  primitiveBoolean,
  comfyNotNode,
  comfyNumberConvert,
  stringConcatenate,
  stringSubstring,
  stringLength,
  caseConverter,
  stringTrim,
  stringReplace,
  stringContains,
  stringCompare,
  regexMatch,
  regexExtract,
  regexReplace,
  jsonExtractString,
];

/** The nodes by type. */
export const nodesByType: ReadonlyMap<string, Node> = new Map(nodes.map((node) => [node.type, node]));

/** The body of `/object_info`; `listFiles` gives the values of combos that list files, which are left open without it. */
export function describeNodes(listFiles?: (source: FileSource) => readonly string[]): Catalog {
  return Object.fromEntries(nodes.map((node) => [node.type, node.info(listFiles)]));
}
