export { BrownianTree } from "./brownianTree.js";
export { initialNoise } from "./initialNoise.js";
export { nextGenerator, seededNoise, type NoiseSource, type StepNoise } from "./noiseSource.js";
export { TorchGenerator } from "./torchGenerator.js";
