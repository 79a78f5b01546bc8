import { expect, test } from "vitest";
import { after, graph } from "../testing/graphs.js";
import { setNodesMode } from "./setNodesMode.js";

test("mutes or bypasses all, and gives them back when all have that mode", () => {
  const start = graph({ 1: "Note", 2: { type: "Note", mode: "mute" }, 3: { type: "Note", mode: "bypass" } });
  const modes = (document: typeof start): unknown[] => Object.values(document.nodes).map(({ mode }) => mode);
  const muted = after(start, setNodesMode(start, ["1", "2", "3", "gone"], "mute"));
  expect(modes(muted)).toEqual(["mute", "mute", "mute"]);
  expect(modes(after(muted, setNodesMode(muted, ["1", "2"], "mute")))).toEqual([undefined, undefined, "mute"]);
  expect(modes(after(muted, setNodesMode(muted, ["1", "2", "3"], "bypass")))).toEqual(["bypass", "bypass", "bypass"]);
  expect(setNodesMode(start, ["gone"], "mute")).toEqual([]);
});
