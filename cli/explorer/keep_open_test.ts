import assert from "node:assert/strict";
import { keepOpen } from "./keep_open.ts";

/** Two values to keep open, and which were disposed of. */
function two() {
  const told: string[] = [], use = keepOpen<Disposable & { key: string }>(2);
  return {
    told,
    use: <R>(key: string, action: () => Promise<R>) =>
      use(key, () => {
        told.push(`open ${key}`);
        return Promise.resolve({ key, [Symbol.dispose]: () => void told.push(`dispose ${key}`) });
      }, action),
  };
}

const nothing = () => Promise.resolve();

Deno.test("the one that was used longest ago goes for a new one", async () => {
  const { told, use } = two();
  for (const key of ["a", "b", "a", "c", "a", "b"]) await use(key, nothing);
  assert.deepEqual(told, ["open a", "open b", "open c", "dispose b", "open b", "dispose c"]);
});

Deno.test("what is in use stays open while others are opened, and goes after it", async () => {
  const { told, use } = two(), done = Promise.withResolvers<void>();
  const using = use("a", () => done.promise);
  for (const key of ["b", "c", "d"]) await use(key, nothing);
  assert.deepEqual(told.filter((line) => line.startsWith("dispose")), ["dispose b", "dispose c"]);
  done.resolve();
  await using;
  await use("e", nothing);
  assert.equal(told.at(-1), "dispose a");
});

Deno.test("what could not be opened is tried again", async () => {
  const use = keepOpen<Disposable>(2), fails = () => Promise.reject(new Error("damaged"));
  await assert.rejects(use("a", fails, nothing), /damaged/);
  const value = { [Symbol.dispose]() {} };
  assert.equal(await use("a", () => Promise.resolve(value), (one) => Promise.resolve(one)), value);
});
