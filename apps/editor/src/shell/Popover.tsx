import { useEffect, useLayoutEffect, useRef, useState, type JSX, type ReactNode } from "react";
import { createPortal } from "react-dom";

export interface PopoverProps {
  /** Left, top and bottom of what it hangs on, in the window's pixels. */
  readonly anchor: { readonly x: number; readonly top: number; readonly bottom: number };
  readonly width: number;
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

const margin = 8;

/** Floats below its anchor, or above where there is no room; Escape or a press elsewhere closes it, and the focus goes back. */
export function Popover({ anchor, width, label, onClose, children }: PopoverProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<{ left: number; top: number } | null>(null);
  const before = useRef(document.activeElement);

  useLayoutEffect(() => {
    const height = box.current?.offsetHeight ?? 0;
    const below = anchor.bottom + 4;
    const top = below + height <= innerHeight - margin ? below : Math.max(margin, anchor.top - 4 - height);
    setPlace({
      left: Math.max(margin, Math.min(anchor.x, innerWidth - width - margin)),
      top: top + height > innerHeight - margin ? Math.max(margin, innerHeight - margin - height) : top,
    });
  }, [anchor, width]);

  useEffect(() => {
    const outside = (event: PointerEvent): void => {
      if (!box.current?.contains(event.target as globalThis.Node)) onClose();
    };
    addEventListener("pointerdown", outside, true);
    const opener = before.current;
    return () => {
      removeEventListener("pointerdown", outside, true);
      if (opener instanceof HTMLElement && (document.activeElement === document.body || box.current?.contains(document.activeElement)))
        opener.focus({ preventScroll: true });
    };
  }, [onClose]);

  return createPortal(
    <div
      ref={box}
      role="dialog"
      aria-label={label}
      className="popover"
      style={{ width, left: place?.left ?? anchor.x, top: place?.top ?? anchor.bottom, opacity: place ? 1 : 0 }}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key !== "Escape") return;
        event.preventDefault();
        onClose();
      }}
    >
      {children}
    </div>,
    document.body,
  );
}
