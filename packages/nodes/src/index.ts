export { describeNodes, nodes, nodesByType } from "./catalog.js";
export { defineNode, type Node } from "./defineNode.js";
export { pathInside } from "./files/insidePath.js";
export { nodeFiles, type NodeFiles } from "./files/nodeFiles.js";
export { imageExtensions } from "./files/decodeImage.js";
export type { FileSource } from "./inputs.js";
export type { LatentPreview, ModelFolders, NodeContext, SavedFile } from "./nodeContext.js";
export { NodeError } from "./nodeError.js";
export type { ImageValue, LatentValue, MaskValue, ValueTypes } from "./values.js";
