/**
 * Faults inside a session: losses, weights, hooks, memory, the run store, the clock, a second
 * session.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { loadNewestIntact } from "../../core/checkpoint/mod.ts";
import { acquireRunLock } from "../../core/run/mod.ts";
import { inProcess, newRun, resultOf, resume, withTinyData } from "./tiny_run.ts";

const RUN = "00000-tiny-data";

Deno.test(
  "a loss that is NaN ends the run, names the term, and keeps the last good " +
    "checkpoint",
  () =>
    withTinyData(async (folder) => {
      const { code, err } = await inProcess(newRun({ folder }), "nan@40");
      assert.equal(code, 1);
      assert.match(err, /Training diverged at 44 images: .* received NaN in "adversarial_d"/);
      const last = await loadNewestIntact(join(folder, "runs", RUN), { onSkipped: assert.fail });
      assert.equal(last?.imagesSeen, 32);
      const whole = newRun({ folder, runs: join(folder, "whole"), more: ["--json"] });
      const expected = resultOf(await inProcess(whole)).digest;
      const resumed = await inProcess(resume({ folder, more: ["--json"] })); // without the fault
      assert.equal(resultOf(resumed).digest, expected);
    }),
);

Deno.test("weights that are not finite are never written as a checkpoint", () =>
  withTinyData(async (folder) => {
    // The step at 12 images has finite losses, but its learning rate ruins the weights.
    const more = ["--checkpoint-every", "4"];
    const { code, err } = await inProcess(newRun({ folder, more }), "ruin@12");
    assert.equal(code, 1);
    assert.match(
      err,
      /Training diverged at 16 images: .* received NaN in "generator\/4x4\/weight"/,
    );
    const last = await loadNewestIntact(join(folder, "runs", RUN), { onSkipped: assert.fail });
    assert.equal(last?.imagesSeen, 12);
  }));

Deno.test("a plugin's hook that throws ends the run with plugin, hook, resolution and image", () =>
  withTinyData(async (folder) => {
    const { code, err } = await inProcess(newRun({ folder }), "grow@0");
    assert.equal(code, 1);
    assert.match(
      err,
      /Plugin "tiny" failed in hook "grow" at 8 px, 32 images seen: the grow hook is broken/,
    );
    const last = await loadNewestIntact(join(folder, "runs", RUN), { onSkipped: assert.fail });
    assert.equal(last?.imagesSeen, 16); // 32 would need the networks that growth failed to make
  }));

Deno.test("a step hook that throws is muted, told once, and the run goes on", () =>
  withTinyData(async (folder) => {
    const ended = await inProcess(newRun({ folder, more: ["--json"] }), "step@24");
    assert.equal(resultOf(ended).imagesSeen, 96);
    const log = await Deno.readTextFile(join(folder, "runs", RUN, "log.txt"));
    const told = log.split("\n").filter((line) => line.includes("the step hook is broken"));
    assert.equal(told.length, 1);
    // exactly one
    assert.match(told[0]!, /warning \[24\] Plugin "tiny" failed in hook "step" .* is muted/);
  }));

Deno.test("a muted hook stays muted in a resumed run", () =>
  withTinyData(async (folder) => {
    const more = ["--json"], runs = join(folder, "other");
    const whole = await inProcess(newRun({ folder, more }), "step@24");
    await inProcess(newRun({ folder, runs, more: ["--json", "--images", "48"] }), "step@24");
    const go = resume({ folder, runs, more: ["--json", "--images", "0"] });
    // the hook would work again
    assert.equal(resultOf(await inProcess(go)).digest, resultOf(whole).digest);
  }));

Deno.test("a run is not resumed until an image that it has passed, and stays as it is", () =>
  withTinyData(async (folder) => {
    await inProcess(newRun({ folder, more: ["--images", "48"] }));
    const config = () => Deno.readTextFile(join(folder, "runs", RUN, "config.json"));
    const before = await config();
    const { code, err } = await inProcess(resume({ folder, more: ["--images", "32"] }));
    assert.equal(code, 2, err);
    assert.match(err, /until --images 32: expected at least 48, which the run has seen already/);
    assert.equal(await config(), before);
  }));

Deno.test("a step without memory is run in parts, says so, and a resumed run does the same", () =>
  withTinyData(async (folder) => {
    const more = ["--json"], schedule = "4:4::0:32,8:8::32:32";
    const whole = await inProcess(newRun({ folder, schedule, more }), "oom@5");
    assert.equal(resultOf(whole).imagesSeen, 96);
    const log = await Deno.readTextFile(join(folder, "runs", RUN, "log.txt"));
    const told = log.split("\n").filter((line) => line.includes("Out of memory"));
    assert.equal(told.length, 1);
    // exactly one
    assert.match(told[0]!, /at 8 px: each batch of 8 is computed as 2 parts of 4 from now on/);
    const runs = join(folder, "other"), stop = ["--json", "--images", "64"];
    await inProcess(newRun({ folder, schedule, runs, more: stop }), "oom@5");
    const go = resume({ folder, runs, more: ["--json", "--images", "0"] });
    // memory is available again
    assert.equal(resultOf(await inProcess(go)).digest, resultOf(whole).digest);
    const none = await inProcess(newRun({ folder, schedule, runs, more }), "oom@1");
    assert.equal(none.code, 1);
    assert.match(none.err, /ResourceExhausted: OOM when allocating/);
  }));

Deno.test("a second training of a run is refused and names the first", () =>
  withTinyData(async (folder) => {
    await inProcess(newRun({ folder, more: ["--images", "16"] }));
    using _lock = await acquireRunLock(join(folder, "runs", RUN));
    const { code, err } = await inProcess(resume({ folder }));
    assert.equal(code, 1);
    assert.match(err, new RegExp(`process ${Deno.pid} on .* is training this run since 2`));
  }));

Deno.test("a run store that can't be opened is told once, and the run goes on", () =>
  withTinyData(async (folder) => {
    const kv = join(folder, "store.kv");
    await Deno.writeTextFile(
      kv,
      "this is no database, and longer than SQLite's header is. ".repeat(9),
    );
    const ended = await inProcess(newRun({ folder, more: ["--json", "--kv", kv] }));
    assert.equal(resultOf(ended).imagesSeen, 96);
    assert.equal(ended.err.match(/no run state in Deno KV/g)?.length, 1, ended.err);
    assert.match(await Deno.readTextFile(kv), /^this is no database/); // not ours to change
  }));

Deno.test("a clock that is set back changes nothing", () =>
  withTinyData(async (folder) => {
    const more = ["--json"];
    const expected = resultOf(await inProcess(newRun({ folder, more })));
    const now = Date.now;
    let calls = 0;
    Date.now = () => now() - 60_000 * calls++; // a minute further back at each call
    try {
      const runs = join(folder, "back"), stop = ["--json", "--images", "48"];
      const events = () =>
        [...Deno.readDirSync(join(runs, RUN))].map((entry) => entry.name)
          .filter((name) => name.startsWith("events.")).sort();
      await inProcess(newRun({ folder, runs, more: stop }));
      const [first] = events();
      const go = resume({ folder, runs, more: ["--json", "--images", "0"] });
      const { digest } = resultOf(await inProcess(go));
      assert.equal(digest, expected.digest);
      assert.equal(events().length, 2);
      assert.equal(events()[0], first); // the later session's events sort last
    } finally {
      Date.now = now;
    }
  }));
