import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseJson, readPngText, type Catalog } from "@patchbay/graph";
import { describe, expect, it } from "vitest";
import { clone, runPatchbay } from "./testing/runPatchbay.js";

const landscape = join(clone, "examples", "landscape.json");
/** Fewer steps make the same way. */
const quick = ["--set", "KSampler.steps=2"];

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), "patchbay-cli-"));
}

function put(value: unknown, name = "graph.json"): string {
  const path = join(newFolder(), name);
  writeFileSync(path, typeof value === "string" ? value : JSON.stringify(value));
  return path;
}

/** A graph that runs without a model. */
const picture = {
  "1": { class_type: "EmptyImage", inputs: { width: 8, height: 4, batch_size: 1, color: 0xff0000 } },
  "2": { class_type: "SaveImage", inputs: { images: ["1", 0], filename_prefix: "red" } },
};

describe("patchbay run", () => {
  it("makes a picture from a UI workflow with the starter model, and prints where it is", async () => {
    const cwd = newFolder();
    const { exitCode, stdout, stderr } = await runPatchbay(["run", landscape], { cwd });
    expect(stderr).toContain("KSampler");
    expect(stdout).toBe("output/landscape_00001_.png\n");
    expect(exitCode).toBe(0);
    const texts = readPngText(readFileSync(join(cwd, "output", "landscape_00001_.png")));
    expect([...texts.keys()]).toEqual(["prompt", "workflow", "patchbay"]);
    expect(parseJson(texts.get("workflow")!)).toEqual(parseJson(readFileSync(landscape)));
  });

  it("makes the same bytes from the same seed, on one thread or two, and others from another", async () => {
    const bytes = async (...args: string[]): Promise<Buffer> => {
      const output = newFolder();
      const { exitCode, stderr } = await runPatchbay(["run", landscape, "--no-metadata", "--output", output, ...quick, ...args]);
      expect(exitCode, stderr).toBe(0);
      return readFileSync(join(output, "landscape_00001_.png"));
    };
    const first = await bytes("--seed", "18446744073709551615", "--threads", "2");
    expect([...readPngText(first)]).toEqual([]);
    expect(await bytes("--seed", "18446744073709551615", "--threads", "1")).toEqual(first);
    expect(await bytes("--seed", "1")).not.toEqual(first);
  });

  it("runs the prompt that a picture carries, with the seed of 64 bits it was made with", async () => {
    const output = newFolder();
    await runPatchbay(["run", landscape, "--output", output, ...quick, "--seed", "9223372036854775809"]);
    const made = join(output, "landscape_00001_.png");
    expect(readPngText(readFileSync(made)).get("prompt")).toContain('"seed": 9223372036854775809');
    expect(readPngText(readFileSync(made)).get("workflow")).toContain("9223372036854775809");
    const { exitCode } = await runPatchbay(["run", made, "--output", output]);
    expect(exitCode).toBe(0);
    expect(readFileSync(join(output, "landscape_00002_.png"))).toEqual(readFileSync(made));
  });

  it("leaves a workflow out that can't say what the prompt says", async () => {
    const output = newFolder();
    const linked = JSON.parse(readFileSync(landscape, "utf8")) as { nodes: { id: number; inputs: unknown[] }[]; links: unknown[] };
    linked.nodes.push({
      id: 20,
      type: "PrimitiveInt",
      outputs: [{ name: "INT", type: "INT", links: [30] }],
      widgets_values: [2, "fixed"],
    } as never);
    linked.nodes.find(({ id }) => id === 5)!.inputs.push({ name: "steps", type: "INT", link: 30, widget: { name: "steps" } });
    linked.links.push([30, 20, 0, 5, 4, "INT"]);
    const { exitCode, stderr } = await runPatchbay(["run", put(linked), "--output", output, "--set", "5.steps=1"]);
    expect(exitCode, stderr).toBe(0);
    const texts = readPngText(readFileSync(join(output, "landscape_00001_.png")));
    expect([...texts.keys()]).toEqual(["prompt", "patchbay"]);
    expect(texts.get("prompt")).toContain('"steps": 1');
  });

  it("prints one JSON object for programs", async () => {
    const output = newFolder();
    const { exitCode, stdout } = await runPatchbay(["run", put(picture), "--json", "--output", output]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      status: "done",
      seconds: expect.any(Number) as number,
      precision: "exact",
      isa: expect.any(String) as string,
      files: [
        {
          node: "2",
          kind: "images",
          filename: "red_00001_.png",
          subfolder: "",
          type: "output",
          path: join(output, "red_00001_.png"),
          bytes: statSync(join(output, "red_00001_.png")).size,
          width: 8,
          height: 4,
        },
      ],
    });
  });

  it("computes with the precision that is asked for, says so, and warns where the machine has no arithmetic for it", async () => {
    const made = async (precision: string, env: Readonly<Record<string, string>> = {}) => {
      const args = ["run", landscape, "--json", "--output", newFolder(), "--precision", precision, ...quick];
      const { exitCode, stdout, stderr } = await runPatchbay(args, { env });
      expect(exitCode, stderr).toBe(0);
      const told = JSON.parse(stdout) as { precision: string; isa: string; files: { path: string }[] };
      const { precision: used, isa, files } = told;
      const carried: unknown = JSON.parse(readPngText(readFileSync(files[0]!.path)).get("patchbay")!);
      expect(carried).toMatchObject({ precision: used, isa });
      return { used, isa, warned: stderr.includes("warning: the precision is exact") };
    };
    expect(await made("small")).toMatchObject({ used: "small", warned: false });
    expect(await made("fast", { PATCHBAY_ISA: "generic" })).toEqual({ used: "exact", isa: "generic", warned: true });
  });

  it("reads the graph from the standard input", async () => {
    const { exitCode, stdout } = await runPatchbay(["run", "-"], { cwd: newFolder(), input: JSON.stringify(picture) });
    expect([exitCode, stdout]).toEqual([0, "output/red_00001_.png\n"]);
  });

  it("lists everything that is wrong with a graph, and ends with 2", async () => {
    const bad = {
      ...picture,
      "1": { class_type: "EmptyImage", inputs: { width: 0, height: "tall", color: 0 } },
      "3": { class_type: "LoadImage", inputs: { image: "none.png" } },
      "4": { class_type: "SaveImage", inputs: { images: ["3", 1], filename_prefix: "x" } },
      "5": { class_type: "Nope", inputs: {} },
    };
    const text = await runPatchbay(["run", put(bad)], { cwd: newFolder() });
    expect(text.exitCode).toBe(2);
    const codes = [
      ["GRAPH_VALUE_TOO_SMALL", "nodes.1.inputs.width"],
      ["GRAPH_VALUE_TYPE", "nodes.1.inputs.height"],
      ["GRAPH_INPUT_MISSING", "nodes.1.inputs.batch_size"],
      ["GRAPH_LINK_TYPE", "nodes.4.inputs.images"],
      ["GRAPH_NODE_UNKNOWN", "nodes.5"],
      ["FILE_NOT_FOUND", "nodes.3.inputs.image"],
    ];
    for (const [code, path] of codes) expect(text.stderr).toContain(`${code} at ${path}`);
    const json = await runPatchbay(["run", put(bad), "--json"], { cwd: newFolder() });
    const { status, errors } = JSON.parse(json.stdout) as { status: string; errors: { code: string; path: string; message: string }[] };
    expect([json.exitCode, status]).toEqual([2, "invalid"]);
    expect(errors.map(({ code, path }) => [code, path])).toEqual(codes);
    expect(errors[1]!.message).toContain('"tall"');
  });

  it("ends with 1 when a node fails, naming the node and the code", async () => {
    const folder = newFolder();
    writeFileSync(join(folder, "broken.png"), "no picture");
    const graph = {
      "1": { class_type: "LoadImage", inputs: { image: "broken.png" } },
      "2": { class_type: "PreviewImage", inputs: { images: ["1", 0] } },
    };
    const { exitCode, stderr } = await runPatchbay(["run", put(graph), "--input", folder], { cwd: folder });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("FILE_IMAGE_INVALID at nodes.1 (LoadImage)");
  });

  it("refuses what can't fit into the memory it may take", async () => {
    const { exitCode, stderr } = await runPatchbay(["run", landscape, "--memory", "20M"], { cwd: newFolder() });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("ENGINE_MEMORY");
  });

  it("stops at the first interrupt within an operation, and leaves nothing half written", async () => {
    const cwd = newFolder();
    let stopped = 0;
    const { exitCode, stderr } = await runPatchbay(["run", landscape, "--set", "KSampler.steps=5000"], {
      cwd,
      onStart(child, shown) {
        if (stopped || !shown.includes("[4/7]")) return;
        stopped = performance.now();
        setTimeout(() => child.kill("SIGINT"), 200);
      },
    });
    expect(exitCode).toBe(130);
    expect(stderr).toContain("Stopping");
    expect(performance.now() - stopped).toBeLessThan(2000);
    expect(existsSync(join(cwd, "output"))).toBe(false);
  });

  it.each([
    [["run"], "CLI_ARGUMENT"],
    [["run", "none.json"], "CLI_FILE"],
    [["run", "."], "CLI_FILE"],
    [["run", landscape, "--seed", "1.5"], "CLI_ARGUMENT"],
    [["run", landscape, "--seed", "18446744073709551616"], "CLI_ARGUMENT"],
    [["run", landscape, "--threads", "none"], "CLI_ARGUMENT"],
    [["run", landscape, "--memory", "lots"], "CLI_ARGUMENT"],
    [["run", landscape, "--precision", "half"], "CLI_ARGUMENT"],
    [["start", "--no-open", "--memory", "lots"], "CLI_ARGUMENT"],
    [["start", "--no-open", "--precision", "half"], "CLI_ARGUMENT"],
    [["run", landscape, "--set", "steps"], "GRAPH_SET_SYNTAX"],
    [["run", landscape, "--set", "99.steps=1"], "GRAPH_SET_NODE_UNKNOWN"],
    [["run", landscape, "--set", "CLIPTextEncode.text=x"], "GRAPH_SET_NODE_AMBIGUOUS"],
    [["run", landscape, "--set", "KSampler.stepz=1"], "GRAPH_SET_INPUT_UNKNOWN"],
    [["run", landscape, "--extra-model-paths", "none.yaml"], "CLI_MODEL_PATHS"],
    [["run", landscape, "--nonsense"], "CLI_ARGUMENT"],
    [["nonsense"], "CLI_ARGUMENT"],
    [["convert", landscape, "x.json"], "CLI_ARGUMENT"],
    [["convert", landscape, "x.json", "--to", "yaml"], "CLI_ARGUMENT"],
    [["convert", landscape, "none/x.api.json"], "CLI_FILE"],
    [["inspect", "none"], "CLI_FILE"],
  ])("%j ends with 2 and %s", async (args, code) => {
    const { exitCode, stderr } = await runPatchbay(args, { cwd: newFolder() });
    expect(stderr).toContain(code);
    expect(exitCode).toBe(2);
  });

  it("uses the models folders it is told of, in ComfyUI's layout and by a paths file", async () => {
    const folder = newFolder();
    const none = await runPatchbay(["run", landscape, "--models", folder], { cwd: folder });
    expect([none.exitCode, none.stderr.includes("FILE_NOT_FOUND at nodes.1.inputs.ckpt_name")]).toEqual([2, true]);
    const paths = put(`here:\n  base_path: ${join(clone, "models")}\n  checkpoints: starter\n`, "paths.yaml");
    const found = await runPatchbay(["run", landscape, "--models", folder, "--extra-model-paths", paths, ...quick], { cwd: folder });
    expect(found.exitCode, found.stderr).toBe(0);
  });
});

describe("patchbay nodes", () => {
  it("prints the catalog as /object_info, with the files there are", async () => {
    const { exitCode, stdout } = await runPatchbay(["nodes", "--json"], { cwd: newFolder() });
    expect(exitCode).toBe(0);
    const catalog = parseJson(stdout) as unknown as Catalog;
    expect(catalog["CheckpointLoaderSimple"]!.input.required!["ckpt_name"]).toEqual([["starter.safetensors"]]);
    expect(catalog["KSampler"]!.input.required!["seed"]).toEqual([
      "INT",
      { default: 0, min: 0, max: 18446744073709551615n, control_after_generate: true },
    ]);
  });
});

describe("patchbay convert", () => {
  it("gives an API prompt, a document and a workflow, which run alike", async () => {
    const folder = newFolder();
    for (const name of ["a.api.json", "a.patchbay.json", "a.workflow.json"]) {
      expect(await runPatchbay(["convert", landscape, join(folder, name)])).toMatchObject({ exitCode: 0, stderr: "" });
      const { exitCode, stderr } = await runPatchbay(["run", join(folder, name), "--no-metadata", "--output", folder, ...quick]);
      expect(exitCode, stderr).toBe(0);
    }
    const pictures = readdirSync(folder).filter((name) => name.endsWith(".png"));
    expect(new Set(pictures.map((name) => readFileSync(join(folder, name)).toString("latin1"))).size).toBe(1);
    expect(pictures.length).toBe(3);
  });

  it("writes to the standard output", async () => {
    const { exitCode, stdout } = await runPatchbay(["convert", put(picture), "-", "--to", "api"]);
    expect([exitCode, JSON.parse(stdout)]).toEqual([0, picture]);
  });
});

describe("patchbay inspect", () => {
  it("tells a model by its header", async () => {
    const { exitCode, stdout } = await runPatchbay(["inspect", join(clone, "models", "starter", "starter.safetensors"), "--json"]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      kind: "checkpoint",
      family: { id: "sd1" },
      parts: [{ part: "diffusion" }, {}, { part: "autoencoder" }],
    });
  });

  it("tells a graph, and a picture with and without one", async () => {
    expect((await runPatchbay(["inspect", landscape])).stdout).toMatch(/^UI workflow: 7 nodes that run, 8 drawn\n/);
    const output = newFolder();
    await runPatchbay(["run", put(picture), "--output", output]);
    expect((await runPatchbay(["inspect", join(output, "red_00001_.png")])).stdout).toMatch(
      /^PNG picture: 8×4\n {2}text "prompt": \d+ characters\n/,
    );
    await runPatchbay(["run", put(picture), "--output", output, "--no-metadata"]);
    expect((await runPatchbay(["inspect", join(output, "red_00002_.png")])).stdout).toBe("PNG picture: 8×4\n  no graph\n");
  });

  it("lets no control character of a file reach the terminal", async () => {
    const graph = put({ "1": { class_type: "Evil\u001b[2J\u009b31m", inputs: {} } });
    const { stdout } = await runPatchbay(["inspect", graph]);
    expect(stdout).toContain("Evil�[2J�31m");
    const { stderr } = await runPatchbay(["run", graph]);
    expect(stderr).not.toMatch(/[\x1b\x9b]/);
  });
});

describe("patchbay", () => {
  it("explains itself", async () => {
    const help = await runPatchbay(["--help"]);
    expect([help.exitCode, help.stdout.includes("convert")]).toEqual([0, true]);
    expect((await runPatchbay(["run", "--help"])).stdout).toContain("--no-metadata");
    expect((await runPatchbay([])).exitCode).toBe(2);
  });
});
