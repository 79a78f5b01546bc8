import { describe, expect, test } from "vitest";
import { comfyNodes } from "./comfyNodes.js";
import { concreteInputs } from "./concreteInputs.js";
import type { NodeInfo } from "./nodeInfo.js";
import { inputSchema, nodeSchema } from "./nodeSchema.js";
import { typesMatch } from "./typesMatch.js";
import { isLegacyGroupType, isVirtualType, virtualValueInput } from "./virtualNodes.js";

const info = (type: string): NodeInfo => comfyNodes()[type] as NodeInfo;

describe("nodeSchema", () => {
  test("types a sampler's inputs", () => {
    const { inputs, outputs, isOutputNode } = nodeSchema(info("KSampler"));
    expect(inputs.map(({ name }) => name).slice(0, 5)).toEqual(["model", "seed", "steps", "cfg", "sampler_name"]);
    expect(inputs.find(({ name }) => name === "seed")).toMatchObject({
      kind: "int",
      min: 0,
      max: 18446744073709551615n,
      controlAfterGenerate: true,
    });
    expect(inputs[0]).toMatchObject({ kind: "link", type: "MODEL", required: true });
    expect(outputs).toEqual([{ name: "LATENT", type: "LATENT", isList: false }]);
    expect(isOutputNode).toBe(false);
  });

  test("is computed once for an entry", () => {
    expect(nodeSchema(info("SaveImage"))).toBe(nodeSchema(info("SaveImage")));
    expect(nodeSchema(info("SaveImage")).isOutputNode).toBe(true);
  });

  test("every node of the catalog has a schema with distinct input names", () => {
    for (const entry of Object.values(comfyNodes())) {
      const names = nodeSchema(entry).inputs.map(({ name }) => name);
      expect(new Set(names).size, entry.name).toBe(names.length);
    }
  });

  test("tells kinds of inputs apart", () => {
    const kind = (...spec: [string | string[], Record<string, never>?]): string => inputSchema("x", spec as never, true).kind;
    expect(kind("INT")).toBe("int");
    expect(kind("INT", { forceInput: true } as never)).toBe("link");
    expect(kind(["a", "b"])).toBe("combo");
    expect(kind("COLOR", { default: "#fff" } as never)).toBe("custom");
    expect(kind("FLOAT,INT", { widgetType: "FLOAT" } as never)).toBe("float");
    expect(kind("MODEL")).toBe("link");
    expect(kind("WEBCAM")).toBe("custom");
  });

  test("reads options, uploads, lists and the control that only the name brings", () => {
    expect(inputSchema("x", [["a", "b"]], true).options).toEqual(["a", "b"]);
    expect(inputSchema("x", ["COMBO", { options: ["a"], remote: { route: "/r" } }], true).options).toBeUndefined();
    expect(inputSchema("image", ["COMBO", { image_upload: true }], true).upload).toBe("image");
    expect(inputSchema("x", ["COMBO", { multiselect: true }], true).multiselect).toBe(true);
    expect(inputSchema("noise_seed", ["INT", {}], true).controlAfterGenerate).toBe(true);
    expect(inputSchema("a.seed", ["INT", {}], true).controlAfterGenerate).toBe(true);
    expect(inputSchema("seed", ["INT", { control_after_generate: false }], true).controlAfterGenerate).toBe(false);
    expect(inputSchema("width", ["INT", {}], true).controlAfterGenerate).toBe(false);
  });

  test("a malformed entry is read as plain links", () => {
    const broken = { ...info("KSampler"), input: { required: { a: 5, b: ["COMFY_DYNAMICCOMBO_V3", { options: 3 }], c: null } } };
    expect(nodeSchema(broken as never).inputs.map((input) => [input.name, input.kind])).toEqual([
      ["a", "link"],
      ["b", "dynamicCombo"],
      ["c", "link"],
    ]);
  });
});

describe("concreteInputs", () => {
  const names = (type: string, values: Record<string, string>, present: string[] = []): string[] =>
    concreteInputs(
      nodeSchema(info(type)).inputs,
      (name) => values[name],
      (name) => present.includes(name),
    ).map(({ name }) => name);

  test("a dynamic combo is followed by the inputs of its choice", () => {
    expect(names("ResizeImageMaskNode", { resize_type: "scale by multiplier" })).toEqual([
      "input",
      "resize_type",
      "resize_type.multiplier",
      "scale_method",
    ]);
    expect(names("ResizeImageMaskNode", { resize_type: "scale dimensions" })).toContain("resize_type.crop");
    expect(names("ResizeImageMaskNode", { resize_type: "no such" })).toEqual(["input", "resize_type", "scale_method"]);
  });

  test("an autogrow family gives the children that are required or there", () => {
    expect(names("BatchImagesNode", {})).toEqual(["images.image0"]);
    expect(names("BatchImagesNode", {}, ["images.image2", "images.image99"])).toEqual(["images.image0", "images.image2"]);
    const schema = nodeSchema(info("BatchImagesNode")).inputs[0];
    expect(schema).toMatchObject({ kind: "autogrow", children: { min: 1, input: { type: "IMAGE" } } });
    expect(schema?.children?.names).toHaveLength(50);
  });

  test("an autogrow family that claims a billion children gets a thousand", () => {
    const spec = ["COMFY_AUTOGROW_V3", { template: { max: 1e9, prefix: "p" } }] as const;
    expect(inputSchema("x", spec, true).children?.names).toHaveLength(1000);
  });
});

test.each([
  ["IMAGE", "IMAGE", true],
  ["IMAGE", "MASK", false],
  ["INT", "FLOAT,INT", true],
  ["INT, FLOAT", "FLOAT", true],
  ["INT,FLOAT", "STRING,BOOLEAN", false],
  ["*", "MODEL", true],
  ["MODEL", "*", true],
  ["COMFY_MATCHTYPE_V3", "MASK", true],
  ["image", "IMAGE", false],
])("typesMatch(%s, %s) is %s", (from, to, wanted) => {
  expect(typesMatch(from, to)).toBe(wanted);
});

test("virtual and legacy group types", () => {
  expect(["Reroute", "PrimitiveNode", "Note", "MarkdownNote", "PrimitiveInt"].map(isVirtualType)).toEqual([true, true, true, true, false]);
  expect([virtualValueInput("PrimitiveNode"), virtualValueInput("Note"), virtualValueInput("Reroute")]).toEqual([
    "value",
    "text",
    undefined,
  ]);
  expect(["workflow/A", "workflow>A", "Workflow"].map(isLegacyGroupType)).toEqual([true, true, false]);
});
