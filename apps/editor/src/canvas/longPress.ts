import type { TouchEvent } from "react";

const holdMs = 500;
/** A finger that rests trembles by so many pixels. */
const tremble = 8;

interface TouchListeners {
  readonly onTouchStartCapture: (event: TouchEvent) => void;
  readonly onTouchMoveCapture: (event: TouchEvent) => void;
  readonly onTouchEndCapture: (event: TouchEvent) => void;
  readonly onTouchCancelCapture: () => void;
  readonly onContextMenuCapture: () => void;
}

/** What the canvas listens to, before React Flow does, which lets no touch on: a finger that rests asks for the menu, as the other button of a mouse does; some browsers say so by themselves, others don't. */
export function longPress(): TouchListeners {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let from = { clientX: 0, clientY: 0 };
  let opened = false;
  const stop = (): void => clearTimeout(timer);
  return {
    onTouchStartCapture({ touches, target }) {
      stop();
      opened = false;
      const touch = touches.length === 1 ? touches[0] : undefined;
      // In a text it selects words.
      if (!touch || !(target instanceof Element) || target.matches("input, textarea")) return;
      const { clientX, clientY } = touch;
      from = { clientX, clientY };
      timer = setTimeout(() => {
        opened = true;
        target.dispatchEvent(new MouseEvent("contextmenu", { bubbles: true, cancelable: true, clientX, clientY }));
      }, holdMs);
    },
    onTouchMoveCapture({ touches }) {
      const touch = touches[0];
      if (!touch || Math.hypot(touch.clientX - from.clientX, touch.clientY - from.clientY) > tremble) stop();
    },
    onTouchEndCapture(event) {
      stop();
      // No click follows that would close the menu.
      if (opened) event.preventDefault();
    },
    onTouchCancelCapture: stop,
    onContextMenuCapture: stop,
  };
}
