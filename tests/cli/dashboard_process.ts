/** Runs `web` in a separate process. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL("../../", import.meta.url));

/** How a dashboard is started. */
export interface ProcessOptions {
  /** The checkout to start it from; default: this one. */
  root?: string;
  env?: Readonly<Record<string, string>>;
}

/** Starts `web` on a free port, calls the test with its URL, and ends it. */
export async function withDashboard(
  args: readonly string[],
  test: (url: string, process: Deno.ChildProcess, said: string) => Promise<void>,
  { root = here, env = {} }: ProcessOptions = {},
): Promise<void> {
  const process = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "--no-check", "cli/main.ts", "web", "--no-explore", "--port", "0"],
      ...args,
    ],
    cwd: root,
    env,
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const lines = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
  try {
    let text = "";
    while (!/Dashboard: (\S+)\n[^]*Ctrl-C/.test(text)) {
      const { value, done } = await lines.read();
      assert.ok(!done, `it ended after "${text}"`);
      text += value;
    }
    await test(/Dashboard: (\S+)\n/.exec(text)![1]!, process, text); // the loop has waited for it
  } finally {
    try {
      process.kill("SIGTERM");
    } catch {
      // It has ended by itself.
    }
    await process.status;
    await lines.cancel();
  }
}
