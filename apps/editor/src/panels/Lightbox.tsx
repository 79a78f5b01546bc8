import { stripPngText } from "@patchbay/graph";
import type { Arithmetic } from "@patchbay/protocol";
import { ChevronLeft, ChevronRight, Download, FolderOpen, ImageOff, Trash2, Workflow, X } from "lucide-react";
import { useEffect, useRef, useState, type JSX, type ReactNode } from "react";
import { api } from "../api/http.js";
import { fallbackReason, precisionUsed } from "../run/precisionNames.js";
import { download } from "../session/files.js";
import { openJob } from "../session/openGraphs.js";
import { useStudio, useView } from "../session/studio.js";
import { keepFocus } from "../shell/keepFocus.js";
import { useDialogFocus } from "../shell/useDialogFocus.js";
import { toastError, type LightboxItem } from "../view/viewStore.js";

/** A picture in full: wheel zooms, dragging moves, arrows go on, Escape closes. */
export function Lightbox(): JSX.Element | null {
  const lightbox = useView((state) => state.lightbox);
  const item = lightbox?.items[lightbox.index];
  if (!lightbox || !item) return null;
  return <OpenLightbox items={lightbox.items} index={lightbox.index} item={item} />;
}

function OpenLightbox({
  items,
  index,
  item,
}: {
  readonly items: readonly LightboxItem[];
  readonly index: number;
  readonly item: LightboxItem;
}): JSX.Element {
  const studio = useStudio();
  const { view } = studio;
  const dialog = useDialogFocus();
  const go = (step: number): void => view.setState({ lightbox: { items, index: (index + step + items.length) % items.length } });
  const close = (): void => view.setState({ lightbox: null });
  const act = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      toastError(view, error);
    }
  };

  const { result } = item;
  return (
    <div
      ref={dialog}
      role="dialog"
      aria-modal
      aria-label={item.filename}
      tabIndex={-1}
      className="lightbox"
      onKeyDown={(event) => {
        keepFocus(event);
        const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        if (step !== undefined && items.length > 1) go(step);
        else if (event.key === "Delete" && result) void act(() => remove(studio, items, index));
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <div className="lightbox-bar">
        <div>
          <b>{item.filename}</b>
          <small>
            {item.width !== null && `${item.width}×${item.height}`}
            {items.length > 1 && ` · ${index + 1} of ${items.length}`}
            <PrecisionUsed job={item.job} />
          </small>
        </div>
        {item.job !== null && result && (
          <Action
            label="Open its graph"
            icon={<Workflow aria-hidden />}
            onClick={() => {
              close();
              void openJob(studio, item.job ?? "", result.title);
            }}
          />
        )}
        <Action label="Save" icon={<Download aria-hidden />} onClick={() => download(item.url, item.filename)} />
        <Action
          label="Save without the graph inside"
          icon={<ImageOff aria-hidden />}
          onClick={() => void act(async () => download(await withoutGraph(item.url), item.filename))}
        />
        {result && studio.desktop.current && (
          <Action
            label="Show in its folder"
            icon={<FolderOpen aria-hidden />}
            onClick={() => void act(() => api.revealResult(result.id))}
          />
        )}
        {result && <Action label="Delete" icon={<Trash2 aria-hidden />} onClick={() => void act(() => remove(studio, items, index))} />}
        <Action label="Close" icon={<X aria-hidden />} onClick={close} />
      </div>
      <ZoomedPicture key={item.url} item={item} close={close} />
      {items.length > 1 && (
        <>
          <button type="button" className="lightbox-step before" aria-label="Picture before" onClick={() => go(-1)}>
            <ChevronLeft aria-hidden />
          </button>
          <button type="button" className="lightbox-step after" aria-label="Next picture" onClick={() => go(1)}>
            <ChevronRight aria-hidden />
          </button>
        </>
      )}
    </div>
  );
}

/** What a picture's job was computed with. Last in its line, as it comes when the job is fetched and nothing may jump. */
function PrecisionUsed({ job }: { readonly job: string | null }): JSX.Element | null {
  const [fetched, setFetched] = useState<{ readonly job: string; readonly arithmetic: Arithmetic | null } | null>(null);
  useEffect(() => {
    if (job === null) return undefined;
    let current = true;
    // A job that is no longer kept says nothing, and neither does this.
    api.job(job).then(
      ({ arithmetic }) => current && setFetched({ job, arithmetic }),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [job]);
  if (job === null || fetched?.job !== job) return null;
  const text = precisionUsed(fetched.arithmetic);
  return text === undefined ? null : <span title={fallbackReason(fetched.arithmetic)}>{` · ${text}`}</span>;
}

function Action({ label, icon, onClick }: { readonly label: string; readonly icon: ReactNode; readonly onClick: () => void }): JSX.Element {
  return (
    <button type="button" className="icon-button" aria-label={label} title={label} onClick={onClick}>
      {icon}
    </button>
  );
}

const maxZoom = 32;

/** Fits the window at first; pixels stay pixels when it is enlarged. */
function ZoomedPicture({ item, close }: { readonly item: LightboxItem; readonly close: () => void }): JSX.Element {
  const [{ zoom, x, y }, setPlace] = useState({ zoom: 1, x: 0, y: 0 });
  const stage = useRef<HTMLDivElement>(null);
  const moved = useRef(false);
  useEffect(() => {
    const element = stage.current;
    if (!element) return undefined;
    const wheel = (event: WheelEvent): void => {
      event.preventDefault();
      const box = element.getBoundingClientRect();
      const [px, py] = [event.clientX - box.left - box.width / 2, event.clientY - box.top - box.height / 2];
      setPlace((place) => {
        const next = Math.min(maxZoom, Math.max(1, place.zoom * Math.exp(-event.deltaY / 300)));
        const ratio = next / place.zoom;
        return next === 1 ? { zoom: 1, x: 0, y: 0 } : { zoom: next, x: px - (px - place.x) * ratio, y: py - (py - place.y) * ratio };
      });
    };
    // Not passive, so that the page behind does not zoom.
    element.addEventListener("wheel", wheel, { passive: false });
    return () => element.removeEventListener("wheel", wheel);
  }, []);
  return (
    <div
      ref={stage}
      className="lightbox-stage"
      onClick={(event) => {
        if (event.target === event.currentTarget && !moved.current) close();
      }}
      onPointerDown={(event) => {
        moved.current = false;
        if (zoom > 1) event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (zoom === 1 || event.buttons !== 1) return;
        moved.current = true;
        setPlace((place) => ({ ...place, x: place.x + event.movementX, y: place.y + event.movementY }));
      }}
      onDoubleClick={() => setPlace(({ zoom: now }) => (now > 1 ? { zoom: 1, x: 0, y: 0 } : { zoom: 4, x: 0, y: 0 }))}
    >
      <img
        src={item.url}
        alt={item.filename}
        draggable={false}
        className={zoom > 2 ? "pixels" : undefined}
        style={{ transform: `translate(${x}px, ${y}px) scale(${zoom})`, ...(item.width !== null && { width: fitted(item) }) }}
      />
    </div>
  );
}

/** As large as fits, small pictures enlarged by a whole number. */
function fitted({ width, height }: LightboxItem): number {
  const [across, down] = [innerWidth - 160, innerHeight - 140];
  const scale = Math.min(across / (width ?? 1), down / (height ?? 1));
  return (width ?? 1) * (scale >= 1 ? Math.floor(scale) : scale);
}

async function withoutGraph(url: string): Promise<Blob> {
  const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
  return new Blob([stripPngText(bytes).slice()], { type: "image/png" });
}

async function remove({ view }: ReturnType<typeof useStudio>, items: readonly LightboxItem[], index: number): Promise<void> {
  const { result } = items[index] ?? {};
  if (!result) return;
  await api.deleteResult(result.id);
  const rest = items.filter((_, at) => at !== index);
  view.setState({ lightbox: rest.length === 0 ? null : { items: rest, index: Math.min(index, rest.length - 1) } });
}
