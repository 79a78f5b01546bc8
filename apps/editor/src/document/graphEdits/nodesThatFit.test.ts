import { emptyDocument } from "@patchbay/graph";
import type { InputSpec, NodeInfo } from "@patchbay/graph";
import { describe, expect, test } from "vitest";
import { after, catalog } from "../testing/graphs.js";
import { addNodeOf } from "./addNodeOf.js";
import { canConnect } from "./canConnect.js";
import { nodesThatFit } from "./nodesThatFit.js";

describe("nodesThatFit", () => {
  test("offers nodes that take an output's type, with the port, those of just that type first", () => {
    const fitting = nodesThatFit(catalog, { type: "LATENT", direction: "input" });
    expect(fitting.find(({ type }) => type === "VAEDecode")).toEqual({ type: "VAEDecode", port: "samples", label: "samples", exact: true });
    expect(fitting.find(({ type }) => type === "KSampler")?.port).toBe("latent_image");
    expect(fitting.some(({ type }) => type === "CLIPTextEncode")).toBe(false);
    expect(fitting.find(({ type }) => type === "Reroute")).toMatchObject({ port: "#0", exact: false });
    const firstInexact = fitting.findIndex(({ exact }) => !exact);
    expect(firstInexact).toBeGreaterThan(10);
    expect(fitting.findIndex(({ type }) => type === "PreviewAny")).toBeGreaterThanOrEqual(firstInexact);
  });

  test("offers nodes that give an input's type, primitives for values among them", () => {
    const models = nodesThatFit(catalog, { type: "MODEL", direction: "output" });
    expect(models.find(({ type }) => type === "CheckpointLoaderSimple")).toMatchObject({ port: "MODEL", exact: true });
    expect(models.some(({ type }) => type === "PrimitiveNode")).toBe(false);
    expect(nodesThatFit(catalog, { type: "INT", direction: "output" }).some(({ type }) => type === "PrimitiveNode")).toBe(true);
  });

  test("names the port that fits best: its very type before others, a socket before a field", () => {
    const inputs = { any: ["*"], field: ["STRING", {}], socket: ["STRING", { forceInput: true }] } satisfies Record<string, InputSpec>;
    const info: NodeInfo = { ...(catalog["CLIPTextEncode"] as NodeInfo), name: "Own", display_name: "Own", input: { required: inputs } };
    const port = (type: string): string | undefined =>
      nodesThatFit({ Own: info }, { type, direction: "input" }).find((node) => node.type === "Own")?.port;
    expect([port("STRING"), port("IMAGE")]).toEqual(["socket", "any"]);
  });

  test("within a rank goes by the name that people see", () => {
    const names = nodesThatFit(catalog, { type: "LATENT", direction: "input" })
      .filter(({ exact, type }) => exact && !catalog[type]?.deprecated)
      .map(({ type }) => catalog[type]?.display_name ?? type);
    expect(names).toEqual([...names].sort(new Intl.Collator("en", { numeric: true, sensitivity: "base" }).compare));
  });

  test("all that it offers can be connected once added", () => {
    const loader = after(emptyDocument(), addNodeOf(emptyDocument(), catalog, "VAEDecode", [0, 0]));
    for (const { type, port } of nodesThatFit(catalog, { type: "IMAGE", direction: "input" })) {
      const document = after(loader, addNodeOf(loader, catalog, type, [0, 0]));
      expect([type, canConnect(document, catalog, { node: "1", output: "IMAGE" }, { node: "2", input: port })]).toEqual([type, true]);
    }
  });
});
