import type { Card } from "../document/cardLayout.js";
import type { DocumentNode } from "@patchbay/graph";

/** Rows are as high as ComfyUI's, so that graphs laid out there do not overlap here. All in canvas units. */
export const headerHeight = 28;
const socketRow = 20;
const fieldRow = 24;
const padding = 4;
const pictureFooter = 20;
const minWidth = 168;
const defaultWidth = 280;
const textLine = 18;
/** Of the text, its border and its row. */
const textPadding = 14;
const textMin = 60;
const textMax = 220;
const textDefaultRows = 4;
/** Mean advance of a character of the prompt's 13 px type. */
const characterWidth = 6.7;
const wellHeight = 120;

export interface PlacedField {
  readonly key: string;
  /** Top and height within the card. */
  readonly y: number;
  readonly height: number;
}

export interface CardGeometry {
  readonly width: number;
  readonly height: number;
  /** Middle of each socket, from the card's top. */
  readonly inputs: ReadonlyMap<string, number>;
  readonly outputs: ReadonlyMap<string, number>;
  readonly fields: readonly PlacedField[];
  readonly picture: { readonly y: number; readonly height: number } | null;
}

/** What a card's height depends on beyond its node. */
export interface CardContent {
  /** The picture that is shown, in pixels; null when there is none. */
  readonly picture: { readonly width: number; readonly height: number } | null;
  /** Whether a place is kept for a picture to come. */
  readonly well: boolean;
}

/** Where everything on a card is. Known without drawing it, so that nothing is measured and nothing jumps. */
export function cardGeometry(
  card: Card,
  node: DocumentNode,
  content: CardContent,
  size: readonly [number, number] | undefined = node.size,
): CardGeometry {
  const width = Math.max(minWidth, snap(size?.[0] ?? defaultWidth));
  if (node.flags?.["collapsed"] === true) return collapsed(card, Math.min(width, 220));
  const inputs = new Map<string, number>();
  const outputs = new Map<string, number>();
  const top = headerHeight + padding;
  card.sockets.forEach(({ key }, row) => inputs.set(key, top + row * socketRow + socketRow / 2));
  card.outputs.forEach(({ key }, row) => outputs.set(key, top + row * socketRow + socketRow / 2));
  let y = top + Math.max(card.sockets.length, card.outputs.length) * socketRow;
  const texts = card.fields.filter(isText).length;
  const fixed = y + card.fields.filter((field) => !isText(field)).length * fieldRow + padding;
  // A card with a size of its own shows as much of a text as fits: what was laid out elsewhere keeps its place.
  const share = texts > 0 && size ? Math.max(textMin, Math.round((size[1] + headerHeight - fixed) / texts - 4)) : undefined;
  const fields: PlacedField[] = [];
  for (const field of card.fields) {
    const height = isText(field) ? (share ?? textHeight(field.value, width)) : fieldRow;
    fields.push({ key: field.key, y, height });
    inputs.set(field.key, y + (isText(field) ? 16 : height / 2));
    y += height + (isText(field) ? 4 : 0);
  }
  let picture: CardGeometry["picture"] = null;
  if (content.picture) {
    const height = Math.round(((width - 2) * content.picture.height) / content.picture.width);
    picture = { y: y + 2, height: Math.min(Math.max(height, 24), 1600) };
    y += 2 + picture.height + pictureFooter - padding;
  } else if (content.well) {
    const height = Math.max(wellHeight, Math.min((size?.[1] ?? 0) + headerHeight - y - padding, width));
    picture = { y: y + 2, height: Math.round(height) };
    y += 2 + picture.height;
  }
  return { width, height: Math.round(y + padding), inputs, outputs, fields, picture };
}

function collapsed(card: Card, width: number): CardGeometry {
  const middle = headerHeight / 2;
  const all = (ports: readonly { readonly key: string }[]): ReadonlyMap<string, number> => new Map(ports.map(({ key }) => [key, middle]));
  return {
    width,
    height: headerHeight,
    inputs: all([...card.sockets, ...card.fields]),
    outputs: all(card.outputs),
    fields: [],
    picture: null,
  };
}

/** Whether a field is a block of text rather than a row. */
export function isText(field: Card["fields"][number]): boolean {
  return field.kind === "string" && field.schema.multiline && field.edge === undefined;
}

/** The height that a text would have to be read without scrolling, up to a limit. */
export function textHeight(value: unknown, width: number): number {
  const perLine = Math.max(8, Math.floor((width - 36) / characterWidth));
  const text = typeof value === "string" ? value : "";
  let lines = 0;
  for (const line of text.split("\n")) lines += Math.max(1, Math.ceil(line.length / perLine));
  return Math.min(textMax, Math.max(textDefaultRows, lines) * textLine + textPadding);
}

/** The width that an output's label may take beside the label of the input in its row. */
export function labelRoom(width: number, beside = ""): number {
  const padded = width - 36;
  return Math.max(0.4 * padded, padded - beside.length * characterWidth);
}

/** Widths snap to 8. */
export function snap(value: number): number {
  return Math.round(value / 8) * 8;
}
