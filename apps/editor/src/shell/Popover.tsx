import { useEffect, useLayoutEffect, useRef, useState, type JSX, type ReactNode } from "react";
import { createPortal } from "react-dom";
import { returnFocus } from "./returnFocus.js";
import { useOutsidePress } from "./useOutsidePress.js";

export interface PopoverProps {
  /** Left, top and bottom of what it hangs on, in the window's pixels. */
  readonly anchor: { readonly x: number; readonly top: number; readonly bottom: number };
  readonly width: number;
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

const margin = 8;
const gap = 4;
/** A list of this height can be worked with, and scrolls. */
const enough = 240;

/** Floats below its anchor, or above where there is too little room; Escape, Tab or a press elsewhere closes it, and the focus goes back. */
export function Popover({ anchor, width, label, onClose, children }: PopoverProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<{ left: number; top: number; maxHeight: number } | null>(null);
  const before = useRef(document.activeElement);

  useLayoutEffect(() => {
    const height = box.current?.offsetHeight ?? 0;
    const below = innerHeight - margin - anchor.bottom - gap;
    const above = anchor.top - gap - margin;
    const down = below >= Math.min(height, enough) || below >= above;
    const shown = Math.min(height, down ? below : above);
    setPlace({
      left: Math.max(margin, Math.min(anchor.x, innerWidth - width - margin)),
      top: down ? anchor.bottom + gap : anchor.top - gap - shown,
      maxHeight: shown,
    });
  }, [anchor, width]);

  useOutsidePress(box, onClose);
  useEffect(() => {
    const opener = before.current;
    return () => returnFocus(opener, box.current);
  }, []);

  return createPortal(
    <div
      ref={box}
      role="dialog"
      aria-label={label}
      className="popover"
      style={{ width, ...(place ?? { left: anchor.x, top: anchor.bottom, opacity: 0 }) }}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key !== "Escape" && (event.key !== "Tab" || event.defaultPrevented)) return;
        event.preventDefault();
        onClose();
      }}
    >
      {children}
    </div>,
    document.body,
  );
}
