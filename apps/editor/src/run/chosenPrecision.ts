import { precisions, type Precision } from "@patchbay/protocol";

const key = "patchbay.precision";

/** What the next runs ask for; null leaves it to the server. */
export function storedPrecision(storage: Pick<Storage, "getItem"> = localStorage): Precision | null {
  const stored = storage.getItem(key);
  return precisions.find((known) => known === stored) ?? null;
}

export function storePrecision(choice: Precision | null, storage: Pick<Storage, "setItem" | "removeItem"> = localStorage): void {
  if (choice === null) storage.removeItem(key);
  else storage.setItem(key, choice);
}
