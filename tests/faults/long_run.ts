/** A long run in a separate process, for tests that do something to it. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { loadNewestIntact } from "../../core/checkpoint/mod.ts";
import { linesOf, newRun, spawn } from "./tiny_run.ts";

/** The run's folder inside `runs`. */
export const RUN = "00000-tiny-data";
/** A schedule that does not end before the run is stopped. */
export const LONG = "4:4::0:20k,8:4::4k:4k";

/** Starts a long run, waits for five steps, and calls the test with it. */
export async function withRunning(
  folder: string,
  test: (child: Deno.ChildProcess, lines: AsyncGenerator<string>) => Promise<void>,
): Promise<string> {
  const child = spawn(newRun({ folder, schedule: LONG, more: ["--checkpoint-every", "100000"] }));
  const errors = new Response(child.stderr).text();
  const lines = linesOf(child.stdout);
  let steps = 0;
  while (steps < 5) {
    const { value, done } = await lines.next();
    assert.ok(!done, "the run ended too early");
    if (value.startsWith("step ")) steps++;
  }
  await test(child, lines);
  return await errors;
}

/** All further lines, as one text. */
export async function readAll(lines: AsyncGenerator<string>): Promise<string> {
  let text = "";
  for await (const line of lines) text += line + "\n";
  return text;
}

/** Where a stopped run stands, after verifying its checkpoint. */
export async function stoppedAt(folder: string): Promise<number> {
  const last = await loadNewestIntact(join(folder, "runs", RUN), { onSkipped: assert.fail });
  return last?.imagesSeen ?? 0;
}
