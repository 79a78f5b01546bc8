import fc from "fast-check";
import { expect, it } from "vitest";
import { PriorityQueue } from "./priorityQueue.js";

it("gives items back by rank", () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), (ranks) => {
      const queue = new PriorityQueue<number>();
      for (const rank of ranks) queue.add(rank, rank);
      const taken: number[] = [];
      for (let item = queue.take(); item !== undefined; item = queue.take()) taken.push(item);
      expect(taken).toEqual([...ranks].sort((a, b) => a - b));
    }),
  );
});
