import { open, stat } from "node:fs/promises";
import { EngineError } from "@patchbay/engine";
import { MAX_HEADER_BYTES, parseSafetensorsHeader, type TensorEntry } from "./safetensorsHeader.js";

/** A safetensors file whose header was read and checked; its data is untouched. */
export interface WeightFile {
  readonly path: string;
  readonly bytes: number;
  /** Where data begins: entries count from here. */
  readonly dataStart: bigint;
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads only the header of a safetensors file.
 * @throws WEIGHTS_FILE when it can't be read, WEIGHTS_FORMAT when it is another format, WEIGHTS_HEADER, WEIGHTS_DTYPE, WEIGHTS_BOUNDS
 */
export async function openWeightFile(path: string): Promise<WeightFile> {
  const handle = await open(path, "r").catch((cause: unknown) => {
    throw fileError(path, cause);
  });
  try {
    const info = await handle.stat();
    if (!info.isFile()) throw new EngineError("WEIGHTS_FILE", `could not read "${path}": it must be a file`);
    const word = Buffer.alloc(8);
    const { bytesRead } = await handle.read(word, 0, 8, 0);
    const headerBytes = word.readBigUInt64LE();
    const room = BigInt(info.size) - 8n;
    if (bytesRead < 8 || headerBytes > room || headerBytes < 2n) {
      const foreign = foreignFormat(word.subarray(0, bytesRead));
      if (foreign) {
        throw new EngineError(
          "WEIGHTS_FORMAT",
          `could not read "${path}": it is ${foreign}; convert it to safetensors, nothing else is loaded`,
        );
      }
      const claim = bytesRead < 8 ? `${bytesRead} bytes are no safetensors file` : `its header claims ${headerBytes} bytes of ${room}`;
      throw new EngineError("WEIGHTS_HEADER", `could not read "${path}": ${claim} (is the file cut short?)`);
    }
    if (headerBytes > BigInt(MAX_HEADER_BYTES)) {
      throw new EngineError(
        "WEIGHTS_HEADER",
        `could not read "${path}": its header of ${headerBytes} bytes is larger than ${MAX_HEADER_BYTES}`,
      );
    }
    const json = Buffer.alloc(Number(headerBytes));
    const got = await handle.read(json, 0, json.length, 8);
    const dataStart = 8n + headerBytes;
    const header = parseSafetensorsHeader(json.subarray(0, got.bytesRead), BigInt(info.size) - dataStart, path);
    return { path, bytes: info.size, dataStart, ...header };
  } finally {
    await handle.close();
  }
}

/** The stored bytes of one tensor. @throws WEIGHTS_FILE when they can't be read any more */
export async function readTensorBytes(file: WeightFile, entry: TensorEntry): Promise<Uint8Array> {
  const handle = await open(file.path, "r").catch((cause: unknown) => {
    throw fileError(file.path, cause);
  });
  try {
    const bytes = new Uint8Array(entry.byteLength);
    const begin = Number(file.dataStart + entry.start);
    for (let done = 0; done < bytes.length;) {
      const { bytesRead } = await handle.read(bytes, done, Math.min(bytes.length - done, 1 << 30), begin + done);
      if (bytesRead === 0) throw new EngineError("WEIGHTS_FILE", `could not read "${file.path}": it became shorter`);
      done += bytesRead;
    }
    return bytes;
  } finally {
    await handle.close();
  }
}

/** Whether `path` is there, and what: for folders and files alike. */
export async function pathKind(path: string): Promise<"file" | "folder" | undefined> {
  const info = await stat(path).catch(() => undefined);
  return info?.isDirectory() ? "folder" : info?.isFile() ? "file" : undefined;
}

export function fileError(path: string, cause: unknown): EngineError {
  const reason = (cause as NodeJS.ErrnoException | undefined)?.code ?? "unreadable";
  return new EngineError("WEIGHTS_FILE", `could not open the model file "${path}": ${reason}`, { cause });
}

function foreignFormat(start: Buffer): string | undefined {
  if (start.subarray(0, 4).equals(Buffer.from("PK\x03\x04", "latin1"))) return "a PyTorch archive";
  if (start[0] === 0x80 && start[1]! <= 5) return "a Python pickle";
  if (start.subarray(0, 4).toString("latin1") === "GGUF") return "a GGUF file";
  if (start.subarray(0, 7).toString("latin1") === "version") return "a Git LFS pointer, not the file itself";
  return undefined;
}
