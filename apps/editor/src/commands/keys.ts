const named: Readonly<Record<string, string>> = {
  " ": "Space",
  ArrowUp: "Up",
  ArrowDown: "Down",
  ArrowLeft: "Left",
  ArrowRight: "Right",
  Escape: "Esc",
};

interface Pressed {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** A key press in words: modifiers in the order Mod (Ctrl, or ⌘), Alt, Shift, then the key; undefined for a modifier alone. */
export function keyOf({ key, code, ctrlKey, metaKey, altKey, shiftKey }: Pressed): string | undefined {
  if (["Control", "Meta", "Alt", "Shift", "AltGraph", "Dead", "Unidentified"].includes(key)) return undefined;
  // With Alt, and where letters are not Latin, the key's place says more than its sign.
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  const single =
    key.length === 1 ? (letter !== undefined && (altKey || !/^[a-z]$/i.test(key)) ? letter : key.toUpperCase()) : (named[key] ?? key);
  const sign = key === " " ? "Space" : single;
  // Shift is part of a sign such as "?" already.
  const shifted = shiftKey && (key.length > 1 || /^[A-Z ]$/.test(sign) || sign === "Space");
  return [ctrlKey || metaKey ? "Mod" : "", altKey ? "Alt" : "", shifted ? "Shift" : "", sign].filter(Boolean).join("+");
}

const isMac = typeof navigator !== "undefined" && /Mac|iP(hone|ad)/.test(navigator.userAgent);

/** A key as people read it here: "Ctrl+Enter", "⌘Enter". */
export function readableKey(key: string, mac = isMac): string {
  if (!mac) return key.replace("Mod", "Ctrl");
  return key.replace("Mod+", "⌘").replace("Alt+", "⌥").replace("Shift+", "⇧");
}

/** Keys that browsers keep for themselves. */
export const browserKeys: ReadonlySet<string> = new Set([
  "Mod+T",
  "Mod+N",
  "Mod+W",
  "Mod+Shift+T",
  "Mod+Shift+N",
  "Mod+Shift+W",
  "Mod+Q",
  "F11",
  "Alt+F4",
]);
