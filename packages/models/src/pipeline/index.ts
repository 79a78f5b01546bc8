export { Autoencoder } from "./autoencoder.js";
export { DiffusionModel } from "./diffusionModel.js";
export type { Holding } from "./holding.js";
export type { FloatTensor } from "./floatTensor.js";
export { inspectModelFile, type ModelFileKind, type ModelReport, type PartReport } from "./inspectModelFile.js";
export { loadAutoencoder, loadCheckpoint, readEmbedding, type Checkpoint } from "./loadModels.js";
export { sampleCustom, sampleLatent, type CustomSampleOptions, type SampleOptions } from "./sampleLatent.js";
export { TextEncoder, type EncodeOptions, type LoadEmbedding } from "./textEncoder.js";
