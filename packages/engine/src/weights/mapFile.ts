import { loadNative, type NativeFile } from "@patchbay/engine-bindings";

export type { NativeFile };

/** Maps a file read-only for `Weight.inFile`; weights keep it alive. @throws ENGINE_FILE */
export function mapFile(path: string): NativeFile {
  return loadNative().openFile(path);
}
