import type { JsonValue } from "@patchbay/graph";
import type { Card } from "../document/cardLayout.js";

export type CardField = Card["fields"][number];

/** What every kind of field is given. */
export interface FieldProps {
  readonly node: string;
  readonly field: CardField;
  readonly label: string;
  /** Puts a value into the document; those of one gesture share a key, and become one step of undo. */
  readonly set: (value: JsonValue, gesture?: string) => void;
}
