/** A run that has finished says how to train it further, and each way that it names works. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { inProcess, newRun, resume, withTinyData } from "../faults/tiny_run.ts";

/** The flags that the last session suggests for more images. */
function suggested(out: string): string[] {
  const [, flags] = /\nGo on: +deno task train --resume \S+ --runs \S+ (.+)\n/.exec(out) ?? [];
  assert.ok(flags, out);
  return flags.split(" ");
}

Deno.test("a run whose --images are reached is told how to go on to its schedule's end", () =>
  withTinyData(async (folder) => {
    const options = { folder, schedule: "4:4::0:16,8:4::0:32" };
    const short = await inProcess(newRun({ ...options, more: ["--images", "24"] }));
    assert.match(short.out, /Finished at 24 images: --images 24 is reached\n/);
    assert.deepEqual(suggested(short.out), ["--images", "0"]);
    const whole = await inProcess(resume({ ...options, more: suggested(short.out) }));
    assert.match(whole.out, /Finished at 48 images: the schedule is over\n/, whole.err);
    assert.deepEqual(suggested(whole.out), ["--minutes", "60", "--force"]);
  }));

Deno.test("more --images than the schedule has are told to be more; a changed --sched shows what differs", () =>
  withTinyData(async (folder) => {
    const options = { folder, schedule: "4:4::0:16,8:4::0:16" };
    await inProcess(newRun(options));
    const beyond = await inProcess(resume({ ...options, more: ["--images", "500"] }));
    assert.match(beyond.out, /Finished at 32 images: the schedule is over, before --images 500\n/);
    const flags = suggested(beyond.out);
    assert.deepEqual(flags, ["--minutes", "60", "--force", "--images", "0"]);
    const longer = ["--sched", "8:4::0:32"];
    const refused = await inProcess(resume({ ...options, more: longer }));
    assert.equal(refused.code, 2);
    assert.match(refused.err, /config\.sched: \["8:4:[^",]*:0:16"\] → \["8:4:[^",]*:0:32"\]\n/);

    const more = [...flags, "--stop-after", "1s"];
    const planned = await inProcess(resume({ ...options, more }));
    assert.match(planned.out, /Stopped at \d+ images: --stop-after 1s is over\n/, planned.err);
    const config = await Deno.readTextFile(join(folder, "runs", "00000-tiny-data", "config.json"));
    assert.equal(JSON.parse(config).plan.minutes, 60);
  }));
