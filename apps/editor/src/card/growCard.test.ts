import { emptyDocument, type GraphDocument } from "@patchbay/graph";
import { comfyNodes } from "@patchbay/graph/comfy-nodes";
import { expect, it } from "vitest";
import { cardOf } from "../document/cardLayout.js";
import { addNodeOf } from "../document/graphEdits/addNodeOf.js";
import { applyOperations } from "../document/operation.js";
import { cardGeometry, textHeight, type CardGeometry } from "./cardGeometry.js";
import { growCard } from "./growCard.js";

const catalog = comfyNodes();
const long = "many words of a picture ".repeat(30);

function prompt(size?: [number, number]): GraphDocument {
  const { document } = applyOperations(emptyDocument(), addNodeOf(emptyDocument(), catalog, "CLIPTextEncode", [0, 0]));
  return { ...document, nodes: { 1: { ...document.nodes["1"]!, ...(size && { size }) } } };
}

function shape(document: GraphDocument): CardGeometry {
  return cardGeometry(cardOf(document, catalog, "1"), document.nodes["1"]!, { picture: null, well: false });
}

it("grows a card of a given size until its text can be read", () => {
  const before = prompt([400, 120]);
  const operations = growCard(before, shape(before), "1", shape(before).fields[0]!, long);
  const after = shape(applyOperations(before, operations).document);
  expect(after.fields[0]!.height).toBe(textHeight(long, 400));
  expect(after.width).toBe(400);
});

it("leaves alone what has room, and what has no size of its own", () => {
  const roomy = prompt([400, 500]);
  expect(growCard(roomy, shape(roomy), "1", shape(roomy).fields[0]!, long)).toEqual([]);
  const free = prompt();
  expect(growCard(free, shape(free), "1", shape(free).fields[0]!, long)).toEqual([]);
});
