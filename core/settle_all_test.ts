import assert from "node:assert/strict";
import { settleAll } from "./settle_all.ts";

Deno.test("settleAll() fails by the first of all when the last has ended", async () => {
  const ended: string[] = [];
  const after = async (turns: number, name: string, fails: boolean) => {
    for (let i = 0; i < turns; i++) await Promise.resolve();
    ended.push(name);
    if (fails) throw new Error(name);
    return name;
  };
  await assert.rejects(
    settleAll([after(1, "quick", false), after(9, "first", true), after(3, "second", true)]),
    /^Error: first$/,
  );
  assert.deepEqual(ended, ["quick", "second", "first"]);
  assert.deepEqual(await settleAll([after(5, "a", false), after(1, "b", false)]), ["a", "b"]);
});
