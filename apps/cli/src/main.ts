import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { addFolderOptions, listOption } from "./arguments/folderOptions.js";
import { reportErrors } from "./report/reportErrors.js";

/** Runs a command line (without the program's name); returns the exit code. Never throws. */
export async function main(args: readonly string[]): Promise<number> {
  let exitCode = 0;
  const program = new Command("patchbay").description("Runs node graphs of generative media on Patchbay's own engine.");
  program.version(packageVersion(), "-v, --version", "print the version");
  program.exitOverride().configureOutput({ outputError: () => undefined });
  program.showHelpAfterError(false);

  addFolderOptions(program.command("run"))
    .description("run a graph: a Patchbay document, an API prompt, a UI workflow, or a PNG that carries one")
    .argument("<graph>", "the graph's file; - for the standard input")
    .addOption(listOption("--set <node.input=value>", "set an input, by the node's id, title or type; may be given several times"))
    .option("--seed <number>", "set every seed of the graph")
    .option("--threads <number>", "threads to compute with; results don't depend on it")
    .option("--memory <size>", "refuse what needs more, such as 4G")
    .option("--precision <name>", "exact (32-bit arithmetic), fast (16-bit products) or small (8-bit weights)", "exact")
    .option("--json", "print the result as one JSON object")
    .option("--no-metadata", "leave the graph out of saved files")
    .action(async (graph: string, flags) => {
      const { runCommand } = await import("./commands/run.js");
      exitCode = await runCommand(graph, flags as Parameters<typeof runCommand>[1]);
    });

  addFolderOptions(program.command("nodes"))
    .description("list the nodes")
    .option("--json", "in the form of ComfyUI's /object_info, with the files that combos list")
    .action(async (flags) => {
      const { nodesCommand } = await import("./commands/nodes.js");
      exitCode = await nodesCommand(flags as Parameters<typeof nodesCommand>[0]);
    });

  program
    .command("convert")
    .description("convert a graph between the formats")
    .argument("<in>", "a graph in any format, or a PNG that carries one")
    .argument("<out>", "the file to write; - for the standard output")
    .option("--to <format>", "api, workflow or document (default: by the name's end: .api.json, .workflow.json, .patchbay.json)")
    .action(async (from: string, to: string, flags) => {
      const { convertCommand } = await import("./commands/convert.js");
      exitCode = await convertCommand(from, to, flags as Parameters<typeof convertCommand>[2]);
    });

  program
    .command("inspect")
    .description("tell what a file is: a model, a LoRA, latents, a graph or a picture")
    .argument("<file>")
    .option("--json", "as JSON")
    .action(async (file: string, flags) => {
      const { inspectCommand } = await import("./commands/inspect.js");
      exitCode = await inspectCommand(file, flags as Parameters<typeof inspectCommand>[1]);
    });

  program
    .command("start")
    .description("serve the studio: prints its URL, and opens it on a desktop")
    .option("--port <number>", "the port; 0 for any that is free", "8188")
    .option("--host <address>", "the address to listen on", "127.0.0.1")
    .option("--insecure-remote", "allow a --host that other machines reach, unencrypted")
    .option("--data <folder>", "where jobs, pictures and the token are kept (default: patchbay in the user's data folder)")
    .addOption(
      listOption("--models <folder>", "a models folder in ComfyUI's layout; may be given several times", "./models and the starter's"),
    )
    .addOption(listOption("--extra-model-paths <file>", "a file as ComfyUI's extra_model_paths.yaml; may be given several times"))
    .option("--input <folder>", "where Load Image and the like find files (default: input in the data folder)")
    .option("--output <folder>", "where files are written (default: output in the data folder)")
    .option("--threads <number>", "threads to compute with; results don't depend on it")
    .option("--memory <size>", "refuse runs that need more, such as 4G")
    .option("--precision <name>", "what jobs that don't say are computed with: exact, fast or small (default: exact)")
    .option("--no-open", "don't open the browser")
    .action(async (flags) => {
      const { startCommand } = await import("./commands/start.js");
      exitCode = await startCommand(flags as Parameters<typeof startCommand>[0]);
    });

  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return endOfParsing(error, program);
    return reportErrors([error], { json: args.includes("--json") });
  }
}

function packageVersion(): string {
  const file = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(file) as { version: string }).version;
}

/** Help is no failure; what could not be parsed is an argument that is not valid. */
function endOfParsing(error: CommanderError, program: Command): number {
  if (error.code === "commander.helpDisplayed" || error.code === "commander.version") return 0;
  if (error.code === "commander.help") {
    process.stderr.write(program.helpInformation());
    return 2;
  }
  process.stderr.write(`CLI_ARGUMENT: ${error.message.replace(/^error: /, "")}; \`patchbay --help\` says what is right\n`);
  return 2;
}
