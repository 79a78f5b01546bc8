import { portKeys } from "@patchbay/graph";
import type { DocumentNode } from "@patchbay/graph";
import type { CardPorts } from "../card.js";
import { plainField, plainSocket, slotText, slotType } from "./plainInput.js";

/** The ports of a node whose type nobody here knows: the slots its workflow file had, and the values it holds by name. */
export function unknownPorts(node: DocumentNode): CardPorts {
  const slots = node.comfy?.inputs ?? [];
  const keys = portKeys(slots.map((slot) => slotText(slot, "name") ?? ""));
  const inputs = slots.map((slot, i) => {
    const key = keys[i] as string;
    const label = slotText(slot, "label") ?? slotText(slot, "name") ?? key;
    const value = Object.hasOwn(node.inputs, key) ? node.inputs[key] : undefined;
    return slot["widget"] === undefined && value === undefined
      ? plainSocket(key, label, slotType(slot))
      : plainField(key, label, slotType(slot), value);
  });
  const named = new Set(keys);
  for (const [name, value] of Object.entries(node.inputs)) if (!named.has(name)) inputs.push(plainField(name, name, undefined, value));
  const stored = node.comfy?.outputs ?? [];
  const outputKeys = portKeys(stored.map((slot) => slotText(slot, "name") ?? ""));
  return {
    inputs,
    outputs: stored.map((slot, i) => ({
      key: outputKeys[i] as string,
      label: slotText(slot, "label") ?? slotText(slot, "name") ?? slotType(slot),
      type: slotType(slot),
    })),
  };
}
