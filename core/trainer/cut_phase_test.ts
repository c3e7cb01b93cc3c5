import assert from "node:assert/strict";
import { selectBackend } from "../backend/mod.ts";
import { object } from "../config/mod.ts";
import { definePlugin, type Plugin } from "../plugin/mod.ts";
import { tinyModel } from "../testing/tiny_model.ts";
import { asPlugin, createWorkbench } from "../testing/workbench.ts";

const bench = createWorkbench(asPlugin(tinyModel), {});

const impatient = definePlugin({
  name: "impatient",
  description: "Ends the first resolution at the first point of its curves",
  kind: "add-on",
  config: object({}),
  hooks: { advance: ({ phase }) => phase.index === 0 },
}) as Plugin;

Deno.test("a phase that a plugin cuts is told with the schedule that follows", async () => {
  const training = bench.training(await selectBackend({ name: "cpu" }), { extra: impatient });
  const events = await bench.live(training, { availableMemory: () => 1e12 });
  const told = events.flatMap((event) => event.type === "schedule" ? [event] : []);
  const [first, last] = [bench.phases[0]!, bench.phases.at(-1)!];
  const cut = first.end - 4; // batches of 4, with a curve point at each
  assert.equal(told.length, 1);
  assert.deepEqual(told[0]!.phases.map(({ end }) => end), bench.phases.map((p) => p.end - cut));
  assert.equal(told[0]!.imagesTotal, last.end - cut);
  const grown = events.findIndex((e) => e.type === "phase" && e.position.phase.index === 1);
  assert.ok(events.indexOf(told[0]!) < grown);
  const memory = events.flatMap((e) =>
    e.type === "log" && /memory/.test(e.line.message) ? [e.line.message] : []
  );
  assert.ok(memory.every((line) => /takes about/.test(line)), memory.join("\n"));
  assert.equal(memory.length, 3); // one per resolution
  training.dispose();
});
