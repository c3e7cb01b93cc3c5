import assert from "node:assert/strict";
import { selectBackend } from "../backend/mod.ts";
import { object } from "../config/mod.ts";
import { definePlugin, type Plugin, PluginError } from "../plugin/mod.ts";
import { tinyModel } from "../testing/tiny_model.ts";
import { asPlugin, createWorkbench } from "../testing/workbench.ts";

const bench = createWorkbench(asPlugin(tinyModel), {});

/** An add-on whose state starts as `best`, and becomes Infinity in cycle `worse`. */
const keeping = (best: unknown, worse = Infinity) =>
  definePlugin({
    name: "keep-low",
    description: "",
    kind: "add-on",
    config: object({}),
    state: () => ({ best, cycles: 0 }) as { best: number; cycles: number },
    hooks: {
      step({ state }) {
        if (++state.cycles >= worse) state.best = Infinity;
      },
    },
  }) as Plugin;

Deno.test("a state that no checkpoint can hold is refused before anything is trained", async () => {
  const backend = await selectBackend({ name: "cpu" });
  for (const [best, received] of [[NaN, "NaN"], [new Map(), "a Map"], [() => 1, "function"]]) {
    assert.throws(() => bench.training(backend, { extra: keeping(best) }), (error: unknown) => {
      assert.ok(error instanceof PluginError);
      const said = `"keep-low" failed in hook "state" at 4 px, 0 images seen: ` +
        `Cannot store state.best: expected plain JSON data, received ${received}`;
      assert.ok(error.message.endsWith(said), error.message);
      return true;
    });
  }
});

Deno.test("a state that becomes such a one ends the run at the next point of its curves", async () => {
  const backend = await selectBackend({ name: "cpu" });
  const training = bench.training(backend, { extra: keeping(1, 3) });
  await assert.rejects(bench.live(training), /"keep-low" failed in hook "state".*Infinity/);
  assert.equal(training.counters.imagesSeen, 3 * 4); // batches of 4, with a curve point at each
  training.dispose();
});

Deno.test("a state that is no object of fields is refused: hooks could change none of it", async () => {
  const backend = await selectBackend({ name: "cpu" });
  for (const [state, received] of [["low", '"low"'], [[1, 2], "[1,2]"], [3, "3"]]) {
    const extra = { ...keeping(1), state: () => state as unknown } as Plugin; // unchecked
    assert.throws(() => bench.training(backend, { extra }), (error: unknown) => {
      assert.ok(error instanceof PluginError);
      assert.match(
        error.message,
        /"keep-low" failed in hook "state".*expected an object of fields/,
      );
      assert.ok(error.message.endsWith(`received ${received}`), error.message);
      return true;
    });
  }
});
