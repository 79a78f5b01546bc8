import { stat } from "node:fs/promises";
import type { NodeContext } from "../nodeContext.js";
import { NodeError, quote } from "../nodeError.js";
import { realPathInside } from "./insidePath.js";

/**
 * The path of a file that a graph names: in the input folder, or in another one when the name ends so ("a.png [output]").
 * @throws FILE_NOT_FOUND, FILE_OUTSIDE, FILE_NAME
 */
export async function inputPath(
  name: string,
  { inputDir, outputDir, tempDir }: Pick<NodeContext, "inputDir" | "outputDir" | "tempDir">,
): Promise<string> {
  const annotated = /^(.*?) ?\[(input|output|temp)\]$/s.exec(name);
  const folder = { input: inputDir, output: outputDir, temp: tempDir }[(annotated?.[2] ?? "input") as "input" | "output" | "temp"];
  const path = await realPathInside(folder, annotated?.[1] ?? name);
  if (path !== undefined && (await stat(path)).isFile()) return path;
  throw new NodeError(
    "FILE_NOT_FOUND",
    `There is no file ${quote(annotated?.[1] ?? name)} in "${folder}": put it there, or choose another`,
  );
}
