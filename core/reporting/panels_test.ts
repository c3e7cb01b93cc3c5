import assert from "node:assert/strict";
import { selectBackend } from "../backend/mod.ts";
import { object } from "../config/mod.ts";
import type { RunEvent } from "../events.ts";
import { definePlugin } from "../plugin/mod.ts";
import { openRunStore } from "../run/store/open_store.ts";
import { storeObserver } from "../run/observers/store_observer.ts";
import { asPlugin, createWorkbench } from "../testing/workbench.ts";

const watching = definePlugin({
  name: "watching",
  description: "",
  kind: "add-on",
  config: object({}),
  panels: {
    seen: { kind: "table", title: "Seen", columns: ["images", "at"] },
    last: { kind: "pictures", title: "The last samples" },
    never: { kind: "text", title: "Never shown" },
  },
  state: () => ({ cycles: 0 }),
  hooks: {
    step(context) {
      context.state.cycles++;
      context.show("seen", [["first", 1], ["cycles", context.state.cycles]]);
    },
    sampled(context, images) {
      context.show("last", { images });
    },
  },
});

async function live(plugin: Parameters<typeof asPlugin>[0]): Promise<RunEvent[]> {
  const bench = createWorkbench(asPlugin(plugin), {
    values: {
      resolution: 8,
      statsEvery: 12,
      sampleEvery: 1000,
      checkpointEvery: 1000,
      metricsEvery: 0,
    },
  });
  const training = bench.training(await selectBackend({ name: "cpu" }));
  try {
    return await bench.live(training);
  } finally {
    training.dispose();
  }
}

Deno.test(
  "what hooks show reaches the run store: declared at the start, the newest at the " +
    "end",
  async () => {
    const events = await live(watching);
    const shown = events.filter((event) => event.type === "panel" && event.entry.name === "seen");
    const steps = events.filter((event) => event.type === "tick").length;
    const store = await openRunStore(":memory:");
    const observer = storeObserver(store, {
      ...{ id: "a", folder: "/runs/a", plugin: "tiny", seed: 1, version: "1" },
      onStopRequested: assert.fail,
    });
    const before: unknown[] = [];
    for (const event of events) {
      await observer.on(event);
      if (event.type === "start") before.push(...await store.panels("a"));
    }
    assert.deepEqual(before.map((p) => (p as { data: unknown }).data), [null, null, null]);
    const [last, never, seen] = await store.panels("a");
    assert.deepEqual(seen!.data, [["first", 1], ["cycles", steps]]);
    assert.equal(never!.data, null);
    assert.ok(last?.kind === "pictures" && last.data);
    assert.equal(last.data.path, "watching-last.png");
    assert.deepEqual(last.data.cell, { width: 8, height: 8 });
    assert.ok(shown.length < steps, "shown at the points of the curves, not at every step");
  },
);

Deno.test(
  "a panel that isn't declared mutes its hook, and the log tells which there " +
    "are",
  async () => {
    const wrong = {
      ...watching,
      hooks: {
        step: (context: { show(name: string, data: string): void }) => context.show("sean", "x"),
      },
    };
    const events = await live(wrong);
    const muted = events.find((e) => e.type === "log" && e.line.code === "plugin-muted");
    assert.ok(muted?.type === "log");
    assert.match(muted.line.message, /"watching".*"step".*panel "sean".*one of seen, last, never/);
    assert.equal(events.at(-1)?.type, "end");
  },
);

Deno.test(
  "a curve named as a field of every point mutes its hook, and the log says " +
    "why",
  async () => {
    const wrong = {
      ...watching,
      hooks: {
        step: (context: { chart(name: string, n: number): void }) => context.chart("time", 1),
      },
    };
    const events = await live(wrong);
    const muted = events.find((e) => e.type === "log" && e.line.code === "plugin-muted");
    assert.ok(muted?.type === "log");
    assert.match(muted.line.message, /"watching".*"step".*Cannot chart "time".*"mine\/time"/);
    assert.equal(events.at(-1)?.type, "end");
  },
);

Deno.test(
  "a resumed run is described anew, where it stands; warnings of all sessions " +
    "count",
  async () => {
    const events = await live(watching);
    const start = events.find((event) => event.type === "start")!; // each session has one
    const store = await openRunStore(":memory:");
    const observe = async (event: RunEvent) => {
      const observer = storeObserver(store, {
        ...{ id: "a", folder: "/runs/a", plugin: "tiny", seed: 1, version: "1", heartbeat: 0 },
        onStopRequested: assert.fail,
      });
      await observer.on(event);
      const line = { time: 1, imagesSeen: 0, level: "warning" as const, message: "oh" };
      await observer.on({ type: "log", line });
      await observer.on({ type: "end", status: "stopped", imagesSeen: 0, reason: "" });
    };
    await observe(start);
    const [first, ...others] = start.phases;
    const longer = { ...first!, end: first!.end + 1000 };
    const last = others.at(-1) ?? longer;
    const phases = [longer, {
      ...last,
      index: 1,
      resolution: 64,
      start: longer.end,
      end: longer.end + 50,
    }];
    await observe({ ...start, phases, imagesSeen: longer.end + 9, config: { other: true } });
    const details = await store.details("a");
    assert.deepEqual([details!.phases, details!.config], [phases, { other: true }]);
    const head = await store.head("a");
    assert.deepEqual([head!.resolution, head!.phaseIndex], [64, 1]);
    assert.deepEqual([head!.warnings, head!.sessions], [2, 2]);
  },
);
