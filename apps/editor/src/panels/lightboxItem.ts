import type { JobFile, Result } from "@patchbay/protocol";
import { blobUrl } from "../api/http.js";
import type { LightboxItem } from "../view/viewStore.js";

/** A file of a job, to be seen in full. */
export function lightboxItem(file: JobFile, job: string | null, result: Result | null = null): LightboxItem {
  return { url: blobUrl(file.hash), filename: file.filename, width: file.width, height: file.height, result, job };
}
