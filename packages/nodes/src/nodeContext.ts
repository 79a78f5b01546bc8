import type { JsonValue, Prompt } from "@patchbay/graph";

/** Model files by kind of folder ("checkpoints", "loras", …) and name, as graphs name them. */
export interface ModelFolders {
  /**
   * The path of a file. Names may hold subfolders ("sd15/anime.safetensors").
   * @throws FILE_NOT_FOUND, FILE_OUTSIDE
   */
  resolve(folder: string, name: string): Promise<string>;
  /** Every file of a kind, sorted. */
  list(folder: string): Promise<readonly string[]>;
}

/** A file that a node wrote, as ComfyUI's history names it. */
export interface SavedFile {
  readonly kind: "images" | "latents";
  readonly filename: string;
  /** Within the folder of `type`, "" at its top; always with forward slashes. */
  readonly subfolder: string;
  readonly type: "output" | "temp";
  /** Where it lies on this machine. */
  readonly path: string;
  readonly bytes: number;
  /** Of pictures, in pixels. */
  readonly width?: number;
  readonly height?: number;
}

/** A small picture of what is being sampled, after step `value` of `max`. */
export interface StepPicture {
  readonly value: number;
  readonly max: number;
  readonly mediaType: string;
  readonly width: number;
  readonly height: number;
  /** The encoded file. */
  readonly bytes: Uint8Array;
}

/** What saved files carry about the graph that made them. */
export interface SavedMetadata {
  readonly prompt: Prompt;
  readonly workflow?: JsonValue;
  /** What computed it, as ComfyUI has no text for that. */
  readonly patchbay: { readonly precision: string; readonly isa: string; readonly version: string };
}

/** What a node's `run` may use of the world around it. */
export interface NodeContext {
  readonly signal: AbortSignal;
  readonly models: ModelFolders;
  readonly inputDir: string;
  readonly outputDir: string;
  readonly tempDir: string;
  /** Undefined when saved files shall carry nothing. */
  readonly metadata: SavedMetadata | undefined;
  /** Bytes that may be held in all; no bound of our own when undefined. */
  readonly memoryLimit: number | undefined;
  /** `value` of `max` steps are done. */
  progress(value: number, max: number): void;
  /** Where set, is given pictures of steps; not of every one when they come faster than pictures are worth making. */
  readonly preview?: (picture: StepPicture) => void;
  /** Tells people of something that isn't as they may expect, but no error. */
  warn(message: string): void;
  /** Tells of a file that was written, and what is in it; `content` is not changed any more. */
  saved(file: SavedFile, content: Uint8Array): void;
}
