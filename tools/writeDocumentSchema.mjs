// Writes packages/graph/schema/document.schema.json, the published JSON schema of graph documents, from the code that reads them.
//   npx tsc -b packages/graph && node tools/writeDocumentSchema.mjs
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";
import { documentJsonSchema } from "../packages/graph/dist/index.js";

const file = fileURLToPath(new URL("../packages/graph/schema/document.schema.json", import.meta.url));
mkdirSync(new URL("../packages/graph/schema/", import.meta.url), { recursive: true });
writeFileSync(file, await format(JSON.stringify(documentJsonSchema()), { ...(await resolveConfig(file)), filepath: file }));
