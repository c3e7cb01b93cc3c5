/**
 * Runs that are killed at random moments. There is a test file for each backend, so that they run
 * in parallel.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { Random, seedFor } from "../../core/random.ts";
import {
  childArguments,
  linesOf,
  newRun,
  resultOf,
  resume,
  spawn,
  type TinyOptions,
  toEnd,
  withTinyData,
} from "./tiny_run.ts";

/** Kills on each of the two backends; `tests/bench/kill_bench.ts` does as many as wanted. */
export const KILLS = 30;

/** When to kill: right after the start, at a step, or while a checkpoint is being written. */
type Moment = { kind: "start" | "step" | "checkpoint"; count: number; milliseconds: number };

function randomMoments(seed: number, kills: number): Moment[] {
  const random = new Random(seedFor(seed, "kills"));
  return Array.from({ length: kills }, (_, i) => ({
    kind: i % 10 === 9 ? "start" : i % 2 ? "checkpoint" : "step",
    count: 1 + Math.floor(random.uniform() * 5),
    milliseconds: random.uniform() * (i % 10 === 9 ? 800 : 6),
  }));
}

const wait = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

/** Names in a run's checkpoint folder. */
async function checkpoints(run: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(join(run, "checkpoints"))) names.push(name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names;
}

/** Runs a session and kills it. @returns true if it ended by itself before that */
async function killedSession(args: string[], run: string, moment: Moment): Promise<boolean> {
  const child = spawn(args);
  const errors = new Response(child.stderr).text();
  let over = false;
  const status = child.status.finally(() => over = true);
  const reading = (async () => {
    let steps = 0;
    for await (const line of linesOf(child.stdout)) {
      if (line.startsWith("step ") && ++steps >= moment.count && moment.kind === "step") break;
    }
  })();
  if (moment.kind === "step") await reading;
  if (moment.kind === "checkpoint") {
    const before = new Set(await checkpoints(run));
    const begun = (name: string) => name.startsWith(".tmp-0") && !before.has(name);
    while (!over && !(await checkpoints(run)).some(begun)) await wait(1);
  }
  await wait(moment.milliseconds);
  try {
    child.kill("SIGKILL");
  } catch {
    // It has ended by itself.
  }
  const { signal, code } = await status;
  await reading;
  assert.ok(signal === "SIGKILL" || code === 0, `${code}: ${await errors}`);
  await errors;
  return code === 0;
}

/**
 * The newest run in a folder that has its config; one that was killed before writing it cannot be
 * resumed.
 */
async function newestRun(runs: string): Promise<string | undefined> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(runs)) {
    const saved = await Deno.stat(join(runs, name, "config.json")).catch(() => null);
    if (saved) names.push(name);
  }
  return names.sort().at(-1);
}

/** What {@linkcode killAndResume} did. */
export interface KillsDone {
  /** Runs that reached their end in the same state as one that was never killed. */
  finished: number;
  /** Kills that hit the writing of a checkpoint. */
  torn: number;
}

/**
 * Kills a run at all moments, then lets it end, bit for bit in the state of one that was never
 * killed.
 */
export async function killAndResume(
  backend: string,
  seed: number,
  kills: number = KILLS,
): Promise<KillsDone> {
  let finished = 0, torn = 0;
  await withTinyData(async (folder) => {
    const usual: TinyOptions = {
      ...{ folder, backend, schedule: "4:4::0:48,8:4::48:48" },
      runs: join(folder, "killed"),
    };
    const whole = newRun({ ...usual, runs: join(folder, "whole"), more: ["--json"] });
    const expected = resultOf(await toEnd(Deno.execPath(), childArguments(whole)));
    await Deno.mkdir(usual.runs!); // set above
    let run: string | undefined;
    const session = () => run ? resume(usual, run) : newRun(usual);
    const end = async () => {
      const { digest, imagesSeen } = resultOf(
        await toEnd(Deno.execPath(), childArguments([...session(), "--json"])),
      );
      assert.deepEqual({ digest, imagesSeen }, {
        digest: expected.digest,
        imagesSeen: expected.imagesSeen,
      });
      finished++;
    };
    for (const moment of randomMoments(seed, kills)) {
      const place = join(usual.runs!, run ?? "00000-tiny-data");
      const over = await killedSession(session(), place, moment);
      run = await newestRun(usual.runs!);
      if (over) {
        await end(); // resuming a completed run prints its digest
        run = undefined;
      } else if (run) {
        const left = await checkpoints(join(usual.runs!, run));
        if (left.some((name) => name.startsWith(".tmp-"))) torn++;
      }
    }
    if (run) await end();
    assert.ok(finished >= 1);
    assert.ok(torn >= 1, "no kill hit the writing of a checkpoint");
  });
  return { finished, torn };
}
