import { emptyDocument, validatePrompt } from "@patchbay/graph";
import type { DocumentNode, NodeInfo } from "@patchbay/graph";
import { describe, expect, test } from "vitest";
import { runnableOf } from "../openGraph.js";
import { after, catalog, codeOf, graph } from "../testing/graphs.js";
import { addNodeOf } from "./addNodeOf.js";
import { idAbove, nextEdgeId, nextId } from "./nextId.js";

function added(type: string, nodes = catalog): DocumentNode {
  const document = after(emptyDocument(), addNodeOf(emptyDocument(), nodes, type, [10, 20], { id: "x" }));
  return document.nodes["x"] as DocumentNode;
}

describe("a fresh node", () => {
  test("holds the defaults of its inputs, and a control for its seed", () => {
    expect(added("KSampler")).toEqual({
      type: "KSampler",
      position: [10, 20],
      inputs: { seed: 0, steps: 20, cfg: 8, sampler_name: "euler", scheduler: "simple", denoise: 1 },
      controls: { seed: "randomize" },
    });
    expect(added("CLIPTextEncode").inputs).toEqual({ text: "" });
    // What the machine has is for its user to choose.
    expect(added("CheckpointLoaderSimple").inputs).toEqual({});
    expect(added("PrimitiveInt").controls).toEqual({ value: "fixed" });
  });

  test("has the inputs of the first choice of a dynamic combo", () => {
    const { inputs } = added("ResizeImageMaskNode");
    expect(inputs).toMatchObject({ resize_type: "scale dimensions", "resize_type.width": 512, "resize_type.crop": "center" });
  });

  test("keeps within bounds that leave out 0, and lists for combos of several", () => {
    const info: NodeInfo = {
      ...(catalog["PrimitiveInt"] as NodeInfo),
      name: "Odd",
      input: {
        required: {
          low: ["INT", { min: 3 }],
          high: ["FLOAT", { max: -2 }],
          on: ["BOOLEAN"],
          many: ["COMBO", { options: ["a", "b"], multiselect: true }],
          colour: ["COLOR", { default: "#fff" }],
        },
      },
    };
    expect(added("Odd", { ...catalog, Odd: info }).inputs).toEqual({ low: 3, high: -2, on: false, many: [], colour: "#fff" });
  });

  test("of a virtual type or a subgraph has what these have", () => {
    expect(added("Note").inputs).toEqual({ text: "" });
    expect(added("Reroute").inputs).toEqual({});
    const document = graph({}, [], {
      subgraphs: { abc: { name: "S", inputs: [], outputs: [], nodes: {}, edges: {}, frames: {}, reroutes: {} } },
    });
    expect(addNodeOf(document, catalog, "abc", [0, 0])).toEqual([
      { kind: "addNode", id: "1", node: { type: "abc", position: [0, 0], inputs: {} } },
    ]);
  });

  test("of every type of the catalog has values that validation takes", () => {
    const faults: string[] = [];
    for (const type of Object.keys(catalog)) {
      const document = after(emptyDocument(), addNodeOf(emptyDocument(), catalog, type, [0, 0]));
      const { problems } = validatePrompt(runnableOf(document, catalog).prompt, catalog);
      const codes = problems.map(({ code }) => code).filter((code) => /VALUE/.test(code));
      if (codes.length > 0) faults.push(`${type}: ${codes.join()}`);
    }
    expect(faults).toEqual([]);
  });

  test("of a type that nobody knows is refused", () => {
    for (const type of ["Nothing", "constructor"])
      expect(codeOf(() => addNodeOf(emptyDocument(), catalog, type, [0, 0]))).toBe("EDITOR_NODE_TYPE_UNKNOWN");
  });
});

test("ids go on above the highest that is, or by the file ever was, given", () => {
  const document = graph({ 3: "Note", 12: "Note", "57:99": "Note", "007": "Note", "-20": "Note", ["9".repeat(20)]: "Note" });
  expect(nextId(document)).toBe("13");
  expect(nextId({ ...document, rest: { last_node_id: 40 } })).toBe("41");
  expect(nextId({ ...document, rest: { last_node_id: "x" } })).toBe("13");
  expect(nextId(emptyDocument())).toBe("1");
  expect(nextEdgeId({ edges: {}, rest: { last_link_id: 7 } })).toBe("8");
  expect(idAbove({ 5: 1, a: 2 })).toBe(6);
});
