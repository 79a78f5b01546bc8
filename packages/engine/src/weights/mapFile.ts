import { loadNative, type NativeFile } from "@patchbay/engine-bindings";

/** Maps a file read-only for `Weight.inFile`; weights keep it alive. @throws ENGINE_FILE */
export function mapFile(path: string): NativeFile {
  return loadNative().openFile(path);
}
