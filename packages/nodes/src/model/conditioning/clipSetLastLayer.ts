import { defineNode } from "../../defineNode.js";
import { int, wire } from "../../inputs.js";

export const clipSetLastLayer = defineNode({
  type: "CLIPSetLastLayer",
  displayName: "CLIP Set Last Layer",
  category: "model/conditioning",
  description: "Ends the text encoder before its last layer: -1 is the last, -2 the one before.",
  inputs: { clip: wire("CLIP"), stop_at_clip_layer: int({ default: -1, min: -24, max: -1, step: 1, advanced: true }) },
  outputs: { CLIP: "CLIP" },
  run: ({ clip, stop_at_clip_layer }) => ({ CLIP: clip.withLastLayer(stop_at_clip_layer) }),
});
