import { GraphError } from "../graphError.js";
import { quote } from "../json/jsonValue.js";
import type { JsonObject } from "../json/jsonValue.js";
import { documentVersion } from "./graphDocument.js";

/** Turns a document of version `from` into one of version `from + 1`. Gets a document that it may change. */
export interface Migration {
  readonly from: number;
  readonly migrate: (document: JsonObject) => JsonObject;
}

/** All migrations, oldest first; version 1 is the first, so there are none yet. */
export const documentMigrations: readonly Migration[] = [];

/**
 * Brings a document up to `version` step by step. Throws GraphError: GRAPH_DOCUMENT_TOO_NEW for a version beyond it,
 * GRAPH_DOCUMENT_INVALID for one that is no positive integer or that no migration leads away from.
 */
export function migrateDocument(
  document: JsonObject,
  migrations: readonly Migration[] = documentMigrations,
  version: number = documentVersion,
): JsonObject {
  const given = document["version"];
  if (typeof given !== "number" || !Number.isInteger(given) || given < 1) {
    throw new GraphError(
      "GRAPH_DOCUMENT_INVALID",
      "version",
      `The document's version is ${quote(given)}; it must be a whole number from 1 to ${version}`,
    );
  }
  if (given > version) {
    throw new GraphError(
      "GRAPH_DOCUMENT_TOO_NEW",
      "version",
      `The document has version ${given}; this Patchbay reads versions up to ${version}. A newer Patchbay wrote it: update to open it`,
    );
  }
  let current = document;
  for (let from = given; from < version; from++) {
    const step = migrations.find((migration) => migration.from === from);
    if (!step) throw new GraphError("GRAPH_DOCUMENT_INVALID", "version", `Nothing here leads from document version ${from} to ${from + 1}`);
    current = { ...step.migrate(current), version: from + 1 };
  }
  return current;
}
