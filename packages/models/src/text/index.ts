export { ClipTokenizer, clipTokenizer, END_OF_TEXT, START_OF_TEXT } from "./clipTokenizer.js";
export { parseWeights, type WeightedText } from "./parseWeights.js";
export { CHUNK_LENGTH, tokenizePrompt, type FindEmbedding, type TokenChunk, type TokenizeOptions } from "./tokenizePrompt.js";
