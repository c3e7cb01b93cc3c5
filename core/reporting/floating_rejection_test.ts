import assert from "node:assert/strict";
import { selectBackend } from "../backend/mod.ts";
import type { RunEvent } from "../events.ts";
import type { Plugin } from "../plugin/mod.ts";
import { asPlugin, createWorkbench, probeOf } from "../testing/workbench.ts";
import { tinyModel } from "../testing/tiny_model.ts";

/** Trains with an add-on with `hooks`, defined in this file, until the session fails. */
async function lived(hooks: Plugin["hooks"]): Promise<{ error: Error; events: RunEvent[] }> {
  const bench = createWorkbench(asPlugin(tinyModel), {});
  const extra = probeOf("careless", hooks);
  const training = bench.training(await selectBackend({ name: "cpu" }), { extra });
  // the add-on's module is this file
  Object.assign(training.plugins.addOns[0]!, { specifier: import.meta.url });
  const events: RunEvent[] = [];
  try {
    await bench.live(training, { observers: [{ name: "test", on: (e) => void events.push(e) }] });
  } catch (error) {
    return { error: error as Error, events }; // train() throws errors
  } finally {
    training.dispose();
  }
  throw new Error("expected the session to fail");
}

const typesOf = (events: readonly RunEvent[]) => events.map(({ type }) => type);

for (const hook of ["fade", "checkpoint", "step"] as const) {
  Deno.test(
    `a promise that "${hook}" leaves floating and that rejects ends the session in ` +
      `order: a checkpoint, a line, an error with its plugin's name`,
    async () => {
      let calls = 0;
      const reject = async () => {
        await Promise.resolve();
        throw new RangeError("the disk is gone");
      };
      const { error, events } = await lived({ [hook]: () => void (calls++ === 0 && reject()) });
      assert.match(
        error.message,
        /^A promise of plugin "careless" that nobody awaits rejected: the disk is gone\. .*must catch/,
      );
      assert.ok(error.cause instanceof RangeError);
      const types = typesOf(events);
      const [log, ...rest] = types.slice(types.lastIndexOf("log"));
      assert.deepEqual([log, rest.at(-1)], ["log", "end"]);
      const seen = events.at(-1)!;
      assert.ok(seen.type === "end" && seen.status === "failed");
      assert.ok(seen.reason.includes("the disk is gone"));
      const checkpoint = events.findLast(({ type }) => type === "checkpoint");
      assert.ok(checkpoint, "a checkpoint was written");
      const lines = events.flatMap((e) => e.type === "log" ? [e.line] : []);
      assert.equal(lines.filter(({ code }) => code === "rejection").length, 1);
    },
  );
}

Deno.test("after a session rejections are the process's again", async () => {
  await lived({ step: () => void Promise.reject(new Error("once")) });
  const caught = new Promise<string>((resolve) => {
    globalThis.addEventListener("unhandledrejection", (event) => {
      event.preventDefault();
      resolve(String(event.reason));
    }, { once: true });
  });
  Promise.reject(new Error("later"));
  assert.equal(await caught, "Error: later");
});

Deno.test(
  "a promise that rejects with no error of a plugin's module is told without a " +
    "name",
  async () => {
    const { error } = await lived({ step: () => void Promise.reject("no stack") });
    assert.match(error.message, /^A promise that nobody awaits rejected: no stack\./);
  },
);

Deno.test("a timer of a hook that throws ends the session in order, too", async () => {
  let calls = 0;
  const late = () => {
    throw new RangeError("the timer is broken");
  };
  const { error, events } = await lived({
    step: () => void (calls++ === 0 && setTimeout(late, 0)),
  });
  assert.match(
    error.message,
    /^A timer or listener of plugin "careless" threw: the timer is broken\. It must catch/,
  );
  assert.ok(events.some(({ type }) => type === "checkpoint"));
});
