/** Starts `test_child.ts` from tests. */
import { fileURLToPath } from "node:url";

const child = fileURLToPath(new URL("./test_child.ts", import.meta.url));

/** Deno's arguments that run the child. */
export function childArguments(what: string, path: string, count = 0): string[] {
  return ["run", "-A", "--unstable-kv", "--no-check", "--quiet", child, what, path, `${count}`];
}

/** Runs the child to its end. */
export function runChild(what: string, path: string, count = 0): Promise<Deno.CommandOutput> {
  return new Deno.Command(Deno.execPath(), { args: childArguments(what, path, count) }).output();
}

/** Runs `fn` while a child process holds a lock; the child ends at `end()` or after `fn`. */
export async function whileHeld(
  what: string,
  path: string,
  fn: (held: { pid: number; end(): Promise<void>; kill(): Promise<void> }) => Promise<void>,
): Promise<void> {
  const process = new Deno.Command(Deno.execPath(), {
    args: childArguments(what, path),
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const output = process.stdout.getReader();
  const { done } = await output.read(); // the child prints "held"
  if (done) throw new Error(`The child ended before it held ${path} (${what})`);
  let ended = false;
  const end = async () => {
    if (!ended) await process.stdin.close();
    ended = true;
    await process.status;
  };
  const kill = async () => {
    process.kill("SIGKILL");
    ended = true;
    await process.stdin.close().catch(() => {}); // the reader is gone
    await process.status;
  };
  try {
    await fn({ pid: process.pid, end, kill });
  } finally {
    await end();
    await output.cancel();
  }
}
