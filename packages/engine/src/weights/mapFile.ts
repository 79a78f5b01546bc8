import { loadNative, type NativeFile } from "@patchbay/engine-bindings";

export type { NativeFile };

/** Maps a file of weights read-only; nothing is read before a weight in it is used. @throws ENGINE_FILE */
export function mapFile(path: string): NativeFile {
  return loadNative().openFile(path);
}
