import assert from "node:assert/strict";
import { createQueue } from "./create_queue.ts";

Deno.test(
  "createQueue() runs one heavy task at a time, goes on after one that fails, and " +
    "holds no light one up",
  async () => {
    const inTurn = createQueue(), order: string[] = [];
    let heavy = 0;
    const task = (name: string, isHeavy: boolean, fails = false) =>
      inTurn(isHeavy, async () => {
        if (isHeavy) assert.equal(++heavy, 1);
        await Promise.resolve();
        order.push(name);
        if (isHeavy) heavy--;
        if (fails) throw new Error(name);
        return name;
      });
    const all = await Promise.allSettled([
      task("a", true, true),
      task("b", true),
      task("light", false),
      task("c", true),
    ]);
    assert.deepEqual(all.map(({ status }) => status), ["rejected", ...Array(3).fill("fulfilled")]);
    assert.deepEqual(order.filter((name) => name !== "light"), ["a", "b", "c"]);
    assert(order.indexOf("light") < order.indexOf("c"));
  },
);
