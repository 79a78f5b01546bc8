// Makes the tiny models of the whole-graph goldens; the same bits on every machine (models.sha256.json).
// usage: node tools/golden/makeModels.mjs DIR
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { tinySd15, tinySd21v } from "./tinyCheckpoints.mjs";
import { diffusers, embedding, kohya, locon, peft } from "./tinyLoras.mjs";

const makers = {
  "checkpoints/tiny-sd15.safetensors": tinySd15,
  "checkpoints/tiny-sd21-v.safetensors": tinySd21v,
  "loras/tiny-sd15-kohya.safetensors": kohya,
  "loras/tiny-sd15-locon.safetensors": locon,
  "loras/tiny-sd15-diffusers.safetensors": diffusers,
  "loras/tiny-sd15-peft.safetensors": peft,
  "embeddings/tiny-emb.safetensors": () => embedding("tiny-emb", 3, 128),
  "embeddings/tiny-one.safetensors": () => embedding("tiny-one", 1, 128),
  "embeddings/tiny-wrong.safetensors": () => embedding("tiny-wrong", 2, 64),
};

const expected = JSON.parse(readFileSync(new URL("models.sha256.json", import.meta.url), "utf8"));

/** Makes the named files (all, unless told) below `folder` where they are not there yet. Throws when the bits are wrong. */
export function makeModels(folder, names = Object.keys(makers)) {
  for (const name of names) {
    const path = join(folder, name);
    const there = existsSync(path) && createHash("sha256").update(readFileSync(path)).digest("hex");
    if (there === expected[name]) continue;
    // Under its name only when it is whole: others may be making or reading it at the same time.
    const part = `${path}.${process.pid}`;
    const sum = makers[name]().save(part);
    if (sum !== expected[name]) throw new Error(`${name} has sha256 ${sum}, expected ${expected[name]}`);
    renameSync(part, path);
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const folder = process.argv[2];
  if (!folder) {
    process.stderr.write("usage: node tools/golden/makeModels.mjs DIR\n");
    process.exit(2);
  }
  makeModels(folder);
  process.stdout.write(`${Object.keys(makers).length} files in ${folder}\n`);
}
