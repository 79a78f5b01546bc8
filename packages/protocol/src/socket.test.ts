import fc from "fast-check";
import { expect, it } from "vitest";
import { clientMessageSchema, decodePreview, encodePreview, serverMessageSchema } from "./socket.js";

const preview = {
  job: "j",
  node: "12:7",
  value: 3,
  max: 20,
  mediaType: "image/jpeg",
  width: 16,
  height: 8,
  bytes: new Uint8Array([1, 2, 3]),
};

it("reads back the preview it wrote, also from the middle of a buffer", () => {
  const frame = encodePreview(preview);
  expect(decodePreview(frame)).toEqual(preview);
  const buffer = new Uint8Array(frame.length + 5);
  buffer.set(frame, 5);
  expect(decodePreview(buffer.subarray(5))).toEqual(preview);
});

it("says undefined to bytes that are no preview", () => {
  const frame = encodePreview(preview);
  for (let length = 0; length < frame.length - preview.bytes.length; length++)
    expect(decodePreview(frame.subarray(0, length))).toBeUndefined();
  expect(decodePreview(encodePreview({ ...preview, mediaType: "text/html" }))).toBeUndefined();
  expect(decodePreview(new Uint8Array([255, 255, 255, 255, 0]))).toBeUndefined();
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => decodePreview(bytes) === undefined));
});

it("refuses messages with more or less than they hold", () => {
  expect(clientMessageSchema.safeParse({ type: "resume", job: "a", after: 0 }).success).toBe(true);
  for (const message of [
    {},
    { type: "resume", job: "a" },
    { type: "resume", job: "a", after: -1 },
    { type: "resume", job: "a", after: 0, x: 1 },
  ])
    expect(clientMessageSchema.safeParse(message).success).toBe(false);
  expect(serverMessageSchema.safeParse({ type: "events", job: "a", first: 0, events: [] }).success).toBe(false);
});
