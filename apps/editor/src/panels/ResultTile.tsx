import type { Result } from "@patchbay/protocol";
import { memo, type JSX } from "react";
import { blobUrl } from "../api/http.js";

/** The type by which a dragged result is known when it is dropped. */
export const resultDragType = "application/x-patchbay-result";

/** One picture of the gallery. Dragged onto the canvas, its graph opens. */
export const ResultTile = memo(function ResultTile({
  result,
  onOpen,
}: {
  readonly result: Result;
  readonly onOpen: (id: string) => void;
}): JSX.Element {
  const { file, title, id } = result;
  return (
    <button
      type="button"
      className="tile"
      data-result={id}
      title={`${file.filename}, ${file.width ?? "?"}×${file.height ?? "?"}`}
      aria-label={`${title}, ${file.filename}`}
      draggable
      onDragStart={(event) => {
        event.dataTransfer.setData(resultDragType, JSON.stringify({ job: result.job, title }));
        event.dataTransfer.effectAllowed = "copy";
      }}
      onClick={() => onOpen(id)}
    >
      <img
        src={blobUrl(file.hash)}
        alt=""
        loading="lazy"
        decoding="async"
        width={file.width ?? 96}
        height={file.height ?? 96}
        draggable={false}
      />
    </button>
  );
});
