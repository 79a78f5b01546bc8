import type { KeyboardEvent } from "react";

/** Tab stays in a dialog that covers the rest. */
export function keepFocus(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== "Tab") return;
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>("button:not(:disabled), input, textarea, [href]")];
  const ends = [stops.at(0), stops.at(-1)];
  const [from, to] = event.shiftKey ? ends : ends.toReversed();
  const { activeElement } = document;
  if (activeElement !== from && !(event.shiftKey && activeElement === event.currentTarget)) return;
  event.preventDefault();
  to?.focus();
}
