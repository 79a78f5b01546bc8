import { spawn } from "node:child_process";
import { dirname } from "node:path";
import { ServerError } from "./serverError.js";

/** Whether this process runs within a desktop session, so that windows can be opened. */
export function hasDesktop(): boolean {
  if (process.platform === "win32" || process.platform === "darwin") return true;
  return Boolean(process.env["DISPLAY"] || process.env["WAYLAND_DISPLAY"]);
}

/** Shows a file in the file manager. @throws ServerError RESULT_NO_DESKTOP */
export async function revealFile(path: string): Promise<void> {
  if (!hasDesktop()) {
    const message = `The server runs outside a desktop session, so it can't show a folder; the file is ${JSON.stringify(path)} on its machine`;
    throw new ServerError("RESULT_NO_DESKTOP", 409, message);
  }
  if (process.platform === "darwin") await open("open", ["-R", path]);
  else if (process.platform === "win32") await open("explorer.exe", [`/select,${path}`]);
  else await open("xdg-open", [dirname(path)]);
}

/** Opens a URL in the browser; where that fails, the printed URL does. */
export async function openBrowser(url: string): Promise<void> {
  if (process.platform === "darwin") await open("open", [url]);
  else if (process.platform === "win32") await open("explorer.exe", [url]);
  else await open("xdg-open", [url]);
}

/** Starts a program that lives on by itself. @throws ServerError RESULT_NO_DESKTOP when it can't be started */
function open(program: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: "ignore", detached: true });
    child.once("error", (cause) =>
      reject(new ServerError("RESULT_NO_DESKTOP", 409, `"${program}" could not be started: ${cause.message}`, { cause })),
    );
    child.once("spawn", () => {
      child.unref();
      resolve();
    });
  });
}
