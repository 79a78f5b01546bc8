import { portKeys } from "@patchbay/graph";
import type { DocumentNode, JsonObject, VirtualType } from "@patchbay/graph";
import type { CardInput, CardPorts } from "../card.js";
import { plainField, plainSchema, plainSocket, slotText } from "./plainInput.js";

/** What a virtual node is seen as, which depends on what it is linked to. */
export interface VirtualRole {
  /** The type that passes through a Reroute. */
  readonly type: string;
  /** The input that a PrimitiveNode sets. */
  readonly input: CardInput | undefined;
}

/** The ports of a node that exists only in graph files. */
export function virtualPorts(type: VirtualType, node: DocumentNode, role: VirtualRole): CardPorts {
  switch (type) {
    case "Reroute":
      return {
        inputs: [plainSocket(firstKey(node.comfy?.inputs), "", role.type)],
        outputs: [{ key: firstKey(node.comfy?.outputs), label: "", type: role.type }],
      };
    case "PrimitiveNode":
      return {
        inputs: primitiveFields(node, role.input),
        outputs: [{ key: firstKey(node.comfy?.outputs), label: role.input?.type ?? "value", type: role.input?.type ?? "*" }],
      };
    case "Note":
    case "MarkdownNote": {
      const schema = plainSchema("text", "STRING", "string", { multiline: true, spec: { socketless: true } });
      return { inputs: [{ key: "text", label: "text", type: "STRING", kind: "string", schema, value: node.inputs["text"] }], outputs: [] };
    }
  }
}

function primitiveFields(node: DocumentNode, target: CardInput | undefined): CardPorts["inputs"] {
  const value = node.inputs["value"];
  if (!target) return value === undefined ? [] : [plainField("value", "value", undefined, value)];
  const schema = {
    ...target.schema,
    name: "value",
    controlAfterGenerate: target.schema.controlAfterGenerate || node.controls?.["value"] !== undefined,
  };
  return [{ key: "value", label: target.label, type: target.type, kind: target.kind, schema, value }];
}

/** The key of a virtual node's one port: as its file named it, else by its place. */
function firstKey(slots: readonly JsonObject[] | undefined): string {
  const name = slots && slotText(slots[0], "name");
  return name === undefined ? "#0" : (portKeys((slots ?? []).map((slot) => slotText(slot, "name") ?? ""))[0] ?? "#0");
}
