import { useCallback } from "react";
import { api } from "../api/http.js";
import { toastError, type ViewStore } from "../view/viewStore.js";
import { useStudio } from "./studio.js";

/** Brings a picture into the input folder; says what went wrong, and gives the name that inputs know it by. */
export async function uploadPicture(view: ViewStore, file: File): Promise<string | undefined> {
  try {
    const { name, subfolder } = await api.upload(file.name || "pasted.png", file);
    return subfolder === "" ? name : `${subfolder}/${name}`;
  } catch (error) {
    toastError(view, error);
    return undefined;
  }
}

export function useUploads(): (file: File) => Promise<string | undefined> {
  const { view } = useStudio();
  return useCallback((file: File) => uploadPicture(view, file), [view]);
}
