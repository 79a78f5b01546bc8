import { readEmbedding, type LoadEmbedding } from "@patchbay/models";
import { defineNode } from "../../defineNode.js";
import { engineOptions } from "../engineOptions.js";
import { string, wire } from "../../inputs.js";
import type { ModelFolders } from "../../nodeContext.js";

export const clipTextEncode = defineNode({
  type: "CLIPTextEncode",
  displayName: "CLIP Text Encode (Prompt)",
  category: "model/conditioning",
  description: "Encodes a prompt. (word:1.2) weighs a word, embedding:name uses a file of the embeddings folder.",
  inputs: { text: string({ multiline: true, dynamicPrompts: true }), clip: wire("CLIP") },
  outputs: { CONDITIONING: "CONDITIONING" },
  run: async ({ text, clip }, context) => ({
    CONDITIONING: await clip.encode(text, { ...engineOptions(context), loadEmbedding: embeddingsIn(context.models) }),
  }),
});

/** A prompt names an embedding with or without its extension. What isn't there is no error: ComfyUI drops it from the prompt. */
function embeddingsIn(models: ModelFolders): LoadEmbedding {
  return async (name) => {
    const names = await models.list("embeddings");
    const file = ["", ".safetensors", ".pt", ".bin"].map((extension) => name + extension).find((each) => names.includes(each));
    return file === undefined ? undefined : readEmbedding(await models.resolve("embeddings", file));
  };
}
