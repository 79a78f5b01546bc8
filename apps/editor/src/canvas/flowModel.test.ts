import { emptyDocument, type GraphDocument } from "@patchbay/graph";
import { comfyNodes } from "@patchbay/graph/comfy-nodes";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addNodeOf } from "../document/graphEdits/addNodeOf.js";
import { connect } from "../document/graphEdits/connect.js";
import { applyOperations } from "../document/operation.js";
import type { Operation } from "../document/operationTypes.js";
import { emptySelection, noDrag, type ViewState } from "../view/viewStore.js";
import { FlowModel } from "./flowModel.js";

const catalog = comfyNodes();
const after = (document: GraphDocument, operations: readonly Operation[]): GraphDocument => applyOperations(document, operations).document;

/** A small pipeline in a frame, with a reroute point. */
function pipeline(): GraphDocument {
  let document = emptyDocument();
  for (const [type, x] of [
    ["CheckpointLoaderSimple", 0],
    ["CLIPTextEncode", 300],
    ["EmptyLatentImage", 300],
    ["KSampler", 600],
    ["VAEDecode", 900],
    ["SaveImage", 1100],
  ] as const)
    document = after(document, addNodeOf(document, catalog, type, [x, 0]));
  for (const [from, output, to, input] of [
    ["1", "CLIP", "2", "clip"],
    ["1", "MODEL", "4", "model"],
    ["2", "CONDITIONING", "4", "positive"],
    ["3", "LATENT", "4", "latent_image"],
    ["4", "LATENT", "5", "samples"],
    ["1", "VAE", "5", "vae"],
    ["5", "IMAGE", "6", "images"],
  ] as const)
    document = after(document, connect(document, catalog, { node: from, output }, { node: to, input }));
  return after(document, [
    { kind: "addFrame", id: "1", frame: { title: "All", bounds: [-20, -60, 1500, 600] } },
    { kind: "addReroute", id: "1", reroute: { position: [450, 20] } },
  ]);
}

type Sources = Parameters<FlowModel["arrays"]>[0];
const sources = (document: GraphDocument, view: Partial<ViewState> = {}, pictures: Sources["pictures"] = {}): Sources => ({
  document,
  catalog,
  view: { selection: emptySelection, drag: noDrag, ...view },
  pictures,
});

describe("the flow model", () => {
  const document = pipeline();

  it("gives every card, frame, point and wire, with sockets where the wires end", () => {
    const { nodes, edges } = new FlowModel().arrays(sources(document));
    expect(nodes.map(({ id }) => id)).toEqual(["frame:1", "reroute:1", "1", "2", "3", "4", "5", "6"]);
    expect(edges).toHaveLength(7);
    for (const { source, sourceHandle, target, targetHandle } of edges) {
      const handle = (id: string, port: string | null | undefined, type: string): unknown =>
        nodes.find((node) => node.id === id)?.handles?.find((known) => known.id === port && known.type === type);
      expect(handle(source, sourceHandle, "source")).toBeDefined();
      expect(handle(target, targetHandle, "target")).toBeDefined();
    }
  });

  it("keeps every object that nothing happened to", () => {
    const model = new FlowModel();
    const before = model.arrays(sources(document));
    expect(model.arrays(sources(document))).toBe(before);
    const moved = model.arrays(sources(after(document, [{ kind: "moveNodes", positions: { 4: [640, 40] } }])));
    for (const node of before.nodes) expect(moved.nodes.includes(node), node.id).toBe(node.id !== "4");
    expect(moved.edges).toBe(before.edges);
    const selected = model.arrays(sources(document, { selection: { ...emptySelection, nodes: new Set(["2"]) } }));
    expect(selected.nodes.find(({ id }) => id === "2")?.selected).toBe(true);
  });

  it("makes room for a picture, once, and keeps it while previews of the same proportions follow", () => {
    const model = new FlowModel();
    const heightOf = (arrays: ReturnType<FlowModel["arrays"]>): number | undefined => arrays.nodes.find(({ id }) => id === "4")?.height;
    const preview = (width: number, height: number): Sources["pictures"] => ({ 4: { files: [], preview: "blob:x", width, height } });
    const none = heightOf(model.arrays(sources(document)));
    const first = model.arrays(sources(document, {}, preview(16, 16)));
    expect(heightOf(first)).toBeGreaterThan(none!);
    expect(model.arrays(sources(document, {}, preview(128, 128))).nodes).toBe(first.nodes);
  });

  it("says of a drag, step by step, what it would say of it at once", () => {
    const place = fc.tuple(fc.integer({ min: -500, max: 500 }), fc.integer({ min: -500, max: 500 }));
    const drag = fc.record({
      nodes: fc.dictionary(fc.constantFrom("1", "4", "6", "gone"), place),
      frames: fc.dictionary(
        fc.constantFrom("1"),
        place.map(([x, y]) => [x, y, 300, 200] as const),
      ),
      reroutes: fc.dictionary(fc.constantFrom("1"), place),
      sizes: fc.dictionary(
        fc.constantFrom("2", "4"),
        place.map(([x, y]) => [300 + Math.abs(x), 200 + Math.abs(y)] as const),
      ),
    });
    fc.assert(
      fc.property(fc.array(drag, { maxLength: 6 }), (drags) => {
        const model = new FlowModel();
        model.arrays(sources(document));
        for (const held of [...drags, noDrag]) {
          expect(model.arrays(sources(document, { drag: held }))).toEqual(new FlowModel().arrays(sources(document, { drag: held })));
        }
      }),
      { numRuns: 40 },
    );
  });
});
