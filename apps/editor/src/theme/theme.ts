/** `auto` follows the system. */
export type ThemeChoice = "auto" | "dark" | "light";

const key = "patchbay.theme";

export function storedTheme(): ThemeChoice {
  const stored = localStorage.getItem(key);
  return stored === "dark" || stored === "light" ? stored : "auto";
}

/** Puts a theme on the page and remembers it; returns which of the two it is now. */
export function applyTheme(choice: ThemeChoice): "dark" | "light" {
  const theme = choice === "auto" ? (matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark") : choice;
  document.documentElement.dataset["theme"] = theme;
  if (choice === "auto") localStorage.removeItem(key);
  else localStorage.setItem(key, choice);
  return theme;
}
