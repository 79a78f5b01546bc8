import { expect, it } from "vitest";
import { flowId, flowPart } from "./flowId.js";

it("reads back what it wrote, and takes cards by their own ids", () => {
  for (const kind of ["frame", "reroute"] as const) expect(flowPart(flowId(kind, "12"))).toEqual({ kind, id: "12" });
  for (const id of ["7", "12:7", "frame"]) expect(flowPart(id)).toEqual({ kind: "node", id });
});
