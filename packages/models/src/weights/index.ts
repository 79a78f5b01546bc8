export { openWeights } from "./shardedFiles.js";
export { openWeightFile, pathKind, type WeightFile } from "./weightFile.js";
export { WeightStore, type TensorInfo } from "./weightStore.js";
export { writeSafetensors, type TensorToWrite } from "./writeSafetensors.js";
