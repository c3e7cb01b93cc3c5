import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "../backend/mod.ts";
import { object } from "../config/mod.ts";
import type { RunEvent } from "../events.ts";
import { definePlugin, type Plugin } from "../plugin/mod.ts";
import { openRunStore } from "../run/store/open_store.ts";
import { storeObserver } from "../run/observers/store_observer.ts";
import { asPlugin, createWorkbench, probeOf } from "../testing/workbench.ts";

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

async function live(
  plugin: Parameters<typeof asPlugin>[0],
  extra?: { extra: Plugin },
): Promise<RunEvent[]> {
  const bench = createWorkbench(asPlugin(plugin), {
    values: {
      resolution: 8,
      statsEvery: 12,
      sampleEvery: 1000,
      checkpointEvery: 1000,
      metricsEvery: 0,
    },
  });
  const training = bench.training(await selectBackend({ name: "cpu" }), extra);
  try {
    return await bench.live(training);
  } finally {
    training.dispose();
  }
}

/** Warnings of a run's log. */
const warningsOf = (events: readonly RunEvent[]) =>
  events.flatMap((e) => e.type === "log" && e.line.level === "warning" ? [e.line.message] : []);

/** The points of a curve. */
const pointsOf = (events: readonly RunEvent[], name: string) =>
  events.flatMap((e) => e.type === "progress" ? [e.values[name]] : []);

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
    const muted = events.find((e) => e.type === "log" && e.line.code?.startsWith("plugin-muted"));
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
    const muted = events.find((e) => e.type === "log" && e.line.code?.startsWith("plugin-muted"));
    assert.ok(muted?.type === "log");
    assert.match(muted.line.message, /"watching".*"step".*Cannot chart "time".*"mine\/time"/);
    assert.equal(events.at(-1)?.type, "end");
  },
);

Deno.test("a curve stays that of who charted it first; another's points are left out, told once", async () => {
  const first = probeOf("first", {
    step(context) {
      context.chart("mine/x", 1);
    },
  });
  const second = probeOf("second", {
    step(context) {
      context.chart("mine/x", 3);
      context.chart("alpha", 9);
      context.chart("mine/y", NaN);
    },
  });
  const events = await live(first, { extra: second });
  assert.deepEqual(new Set(pointsOf(events, "mine/x")), new Set([1]));
  assert.deepEqual(new Set(pointsOf(events, "mine/y")), new Set([undefined]));
  assert.ok(pointsOf(events, "alpha").every((alpha) => alpha! <= 1));
  const [x, alpha, y, ...more] = warningsOf(events);
  assert.match(x!, /"second" cannot chart "mine\/x".*plugin "first".*e\.g\. "second\/mine\/x"/);
  assert.match(alpha!, /"second" cannot chart "alpha".*Cambium itself/);
  assert.match(y!, /"second" cannot chart "mine\/y".*finite number, received NaN/);
  assert.deepEqual(more, []);
});

Deno.test("a report of another's name ends the run and names the plugin", async () => {
  const reporting = (name: string, reports: readonly string[]) =>
    probeOf(name, {
      gradients(_, gradients, step) {
        for (const report of reports) step.report(report, tf.scalar(1));
        return gradients;
      },
    });
  await assert.rejects(
    live(reporting("first", ["mine/x"]), { extra: reporting("second", ["mine/x"]) }),
    /"second" failed in hook "gradients".*Cannot report "mine\/x".*curve of plugin "first"/,
  );
  await assert.rejects(
    live(reporting("first", ["loss/generator"])),
    /"first" failed .*Cannot report "loss\/generator".*curve of Cambium itself/,
  );
  const wrong = probeOf("wrong", {
    gradients(_, gradients, step) {
      step.report("mine/x", tf.zeros([2]) as unknown as tf.Scalar); // past the type checker
      return gradients;
    },
  });
  await assert.rejects(live(wrong), /"wrong" failed .*report "mine\/x" to be a scalar.*\[2\]/);
});

Deno.test("what a plugin reports several times a step is averaged", async () => {
  const seen = new Set<number | undefined>();
  const twice = probeOf("twice", {
    gradients(_, gradients, step) {
      for (const value of [1, 4, 4]) step.report("_x", tf.scalar(value));
      return gradients;
    },
    step: (_, metrics) => void seen.add(metrics["_x"]),
  });
  await live(twice);
  assert.deepEqual(seen, new Set([3]));
});

Deno.test("two plugins' warnings of one code are both told, and two muted hooks", async () => {
  const warning = (name: string) =>
    probeOf(name, {
      step(context) {
        context.warn("dark", `${name} is dark`);
        throw new Error("oops");
      },
    });
  const said = warningsOf(await live(warning("first"), { extra: warning("second") }));
  for (const name of ["first", "second"]) {
    assert.ok(said.includes(`${name} is dark`));
    assert.ok(said.some((line) => line.startsWith(`Plugin "${name}" failed in hook "step"`)));
  }
});

Deno.test(
  "a resumed run is described anew, where it stands; warnings of all sessions " +
    "count",
  async () => {
    const events = await live(watching);
    const start = events.find((event) => event.type === "start")!; // every session emits one
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
