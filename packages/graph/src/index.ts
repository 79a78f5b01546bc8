export { GraphError, graphErrorCodes } from "./graphError.js";
export type { GraphErrorCode } from "./graphError.js";
export { defaultLimits } from "./limits.js";
export type { GraphLimits } from "./limits.js";
export { getOwn, isJsonObject, jsonEqual, setOwn } from "./json/jsonValue.js";
export type { JsonObject, JsonValue } from "./json/jsonValue.js";
export { parseJson, parsePythonJson } from "./json/parseJson.js";
export type { ParseJsonOptions } from "./json/parseJson.js";
export { stringifyJson } from "./json/stringifyJson.js";
export type { StringifyJsonOptions } from "./json/stringifyJson.js";
export type { Catalog, InputSection, InputSpec, NodeInfo, NodeInputs } from "./schema/nodeInfo.js";
export { isLink, unwrapLiteral, wrapLiteral } from "./comfy/prompt.js";
export type { Prompt, PromptLink, PromptNode } from "./comfy/prompt.js";
export { nodeSchema } from "./schema/nodeSchema.js";
export type { InputKind, InputSchema, NodeSchema, OutputSchema } from "./schema/nodeSchema.js";
export { concreteInputs } from "./schema/concreteInputs.js";
export { typesMatch } from "./schema/typesMatch.js";
export { isLegacyGroupType, isVirtualType } from "./schema/virtualNodes.js";
export type { VirtualType } from "./schema/virtualNodes.js";
export { documentJsonSchema, documentVersion, emptyDocument, seedControls } from "./document/graphDocument.js";
export type {
  DocumentEdge,
  DocumentFrame,
  DocumentNode,
  DocumentReroute,
  GraphDocument,
  GraphParts,
  SeedControl,
  SubgraphDefinition,
} from "./document/graphDocument.js";
export { parseDocument, stringifyDocument, toDocument } from "./document/parseDocument.js";
export { migrateDocument } from "./document/migrate.js";
export type { Migration } from "./document/migrate.js";
export { nodeKind, outputNames, outputSlot, portKeys } from "./document/ports.js";
export type { NodeKind } from "./document/ports.js";
export { fromPrompt, readPrompt } from "./comfy/fromPrompt.js";
export { fromWorkflow } from "./comfy/fromWorkflow.js";
export type { GraphWarning } from "./comfy/fromWorkflow.js";
export { toWorkflow } from "./comfy/toWorkflow.js";
export { fillDefaults, toPrompt } from "./comfy/toPrompt.js";
export { graphKind, readGraph } from "./comfy/readGraph.js";
export type { GraphFile, GraphKind, ReadGraphOptions } from "./comfy/readGraph.js";
export { widgetDefault } from "./comfy/widgetValues.js";
export { layeredLayout } from "./comfy/layout.js";
export { isPng, writePngChunks } from "./png/chunks.js";
export { readPngText, stripPngText, writePngText } from "./png/pngText.js";
export { validatePrompt, type ValidateOptions, type ValidatedPrompt } from "./validate/validatePrompt.js";
export { comfyErrorTypes, type GraphProblem } from "./validate/problem.js";
export { setInputs, setSeeds } from "./set/setInputs.js";
export { planRun, type PlannedNode, type PlanOptions } from "./plan/planRun.js";
