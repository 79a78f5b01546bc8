/** A random id. `crypto.randomUUID` is there only on pages that browsers call secure, which a studio on another machine may not be. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
