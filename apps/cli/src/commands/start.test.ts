import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clone, runPatchbay } from "../testing/runPatchbay.js";

const bin = join(clone, "apps", "cli", "bin", "patchbay.js");
let folder: string;
let child: ChildProcess;
let url: URL;
let exited: Promise<number | null>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "patchbay-start-"));
  child = spawn(
    process.execPath,
    [bin, "start", "--port", "0", "--data", join(folder, "data"), "--models", folder, "--precision", "small", "--memory", "1G"],
    { cwd: folder },
  );
  exited = new Promise((resolve) => child.once("exit", resolve));
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout!.setEncoding("utf8").once("data", resolve);
    child.once("exit", (code) => reject(new Error(`It ended with ${code}`)));
  });
  url = new URL(/^Patchbay is at (\S+)\n$/.exec(line)![1]!);
});
afterAll(async () => {
  child.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

describe("patchbay start", () => {
  it("prints the URL that lets one in", async () => {
    expect(url.hostname).toBe("127.0.0.1");
    const authorization = `Bearer ${url.searchParams.get("token")}`;
    expect((await fetch(new URL("/studio/status", url))).status).toBe(401);
    const status = await fetch(new URL("/studio/status", url), { headers: { authorization } });
    expect(await status.json()).toMatchObject({ queued: 0 });
    const entered = await fetch(url, { redirect: "manual" });
    expect([entered.status, entered.headers.get("location")]).toEqual([303, "/"]);
  });

  it("computes jobs that don't say with the precision that it was started with", async () => {
    const headers = { authorization: `Bearer ${url.searchParams.get("token")}`, "content-type": "application/json" };
    const prompt = {
      "1": { class_type: "EmptyImage", inputs: { width: 8, height: 8, batch_size: 1, color: 0 } },
      "2": { class_type: "PreviewImage", inputs: { images: ["1", 0] } },
    };
    const posted = await fetch(new URL("/studio/jobs", url), { method: "POST", headers, body: JSON.stringify({ prompt }) });
    const { id } = (await posted.json()) as { id: string };
    await expect
      .poll(async () => (await fetch(new URL(`/studio/jobs/${id}`, url), { headers })).json(), { timeout: 10_000 })
      .toMatchObject({ state: "done", arithmetic: { precision: "small" } });
  });

  it("says what to do where it can't start", async () => {
    const start = (...args: string[]) => runPatchbay(["start", "--no-open", ...args], { cwd: folder });
    expect(await start("--port", url.port, "--data", join(folder, "other"))).toMatchObject({
      exitCode: 1,
      stdout: "",
      stderr: expect.stringContaining(`--port ${Number(url.port) + 1}`) as string,
    });
    expect(await start("--port", "0", "--data", join(folder, "data"))).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("SERVER_DATA_IN_USE") as string,
    });
    expect(await start("--host", "0.0.0.0", "--data", join(folder, "other"))).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("--insecure-remote") as string,
    });
    expect(await start("--port", "70000")).toMatchObject({ exitCode: 2 });
  });

  it("ends when it is told to", async () => {
    child.kill("SIGTERM");
    expect(await exited).toBe(0);
  });
});
