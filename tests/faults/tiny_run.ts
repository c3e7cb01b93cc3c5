/** Tiny runs through the command line, in this process or in separate ones. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { main } from "../../cli/main.ts";
import { withFiles } from "../../core/testing/with_folder.ts";
import { gradientPng } from "../../datasets/test_images.ts";
import { tinyFault } from "./tiny_fault.ts";

const path = (url: string) => fileURLToPath(new URL(url, import.meta.url));
const COMMAND_LINE = path("../../cli/main.ts"), PLUGIN = path("./tiny_gan.ts");

/** 12 pictures of 8 px, a cache, and no runs yet. */
export async function withTinyData(test: (folder: string) => Promise<void>): Promise<void> {
  const files: Record<string, Uint8Array> = {};
  for (let i = 0; i < 12; i++) files[`data/${i}.png`] = await gradientPng(8, 8, 20 * i);
  await withFiles(files, test);
}

/** A test's folders of runs, data and cache, and differences from the usual run. */
export interface TinyOptions {
  folder: string;
  runs?: string; // default "runs" in the folder
  data?: string; // default "data" in the folder
  backend?: string; // default "wasm"
  schedule?: string;
  more?: readonly string[];
}

/** A schedule of 24 steps with one growth; tests may pass another in the format of `--sched`. */
const SCHEDULE = "4:4::0:32,8:4::32:32";

function places({ folder, runs, backend = "wasm" }: TinyOptions): string[] {
  const cache = join(folder, "cache");
  return ["--runs", runs ?? join(folder, "runs"), "--cache", cache, "--backend", backend];
}

/** Arguments of a new run, with a checkpoint every 16 images. */
export function newRun(options: TinyOptions): string[] {
  const { folder, schedule = SCHEDULE, data = join(folder, "data"), more = [] } = options;
  return [
    ...["train", "--plugin", PLUGIN, "--data", data, "--resolution", "8", "--sched", schedule],
    ...[
      "--threads",
      "1",
      "--preview-count",
      "4",
      "--penalty-every",
      "2",
      "--keep-checkpoints",
      "9",
    ],
    ...["--checkpoint-every", "16", "--stats-every", "8", "--sample-every", "48"],
    ...places(options),
    ...more,
  ];
}

/** Arguments that resume a run. */
export function resume(options: TinyOptions, run = "0"): string[] {
  return ["train", "--resume", run, ...places(options), ...options.more ?? []];
}

/** How a command ended. */
export interface Ended {
  code: number;
  out: string;
  err: string;
}

/** The result of a run with `--json`. */
export function resultOf({ out, err, code }: Ended): { digest: string; imagesSeen: number } {
  const last = out.trim().split("\n").at(-1) ?? "";
  if (code !== 0 || !last.startsWith("{")) throw new Error(`Expected a result: ${code}\n${err}`);
  return JSON.parse(last);
}

/** Runs a command in this process. @param fault CAMBIUM_TINY_FAULT */
export async function inProcess(args: readonly string[], fault = ""): Promise<Ended> {
  const { log, error } = console, writeSync = Deno.stderr.writeSync;
  let out = "", err = "";
  const decoder = new TextDecoder();
  console.log = (...parts) => void (out += parts.join(" ") + "\n");
  console.error = (...parts) => void (err += parts.join(" ") + "\n");
  Deno.stderr.writeSync = (bytes) => {
    err += decoder.decode(bytes);
    return bytes.length;
  };
  tinyFault.now = fault;
  try {
    return { code: await main([...args]), out, err };
  } finally {
    Object.assign(console, { log, error });
    Deno.stderr.writeSync = writeSync;
    tinyFault.now = "";
  }
}

/** Arguments for Deno that run a command in a separate process. */
export function childArguments(args: readonly string[]): string[] {
  return ["run", "-A", "--unstable-kv", "--no-check", "--quiet", COMMAND_LINE, ...args];
}

/** Starts a command in a separate process; each step of the run prints a line. */
export function spawn(args: readonly string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: childArguments(args),
    env: { TINY_TELL: "1", NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Runs a command in a separate process until it ends. @param fault CAMBIUM_TINY_FAULT */
export async function toEnd(command: string, args: readonly string[], fault = ""): Promise<Ended> {
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    env: { CAMBIUM_TINY_FAULT: fault, NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

/** Lines of a stream. */
export async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  const decoder = new TextDecoder();
  for await (const bytes of stream) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop()!; // split() returns at least one element
    yield* lines;
  }
}

/** Whether a command works here; otherwise tests that need it are skipped. */
export function works(command: string, args: string[]): boolean {
  try {
    return new Deno.Command(command, { args, stdout: "null", stderr: "null" }).outputSync().success;
  } catch {
    return false;
  }
}

/** Whether TensorFlow's library is already installed; fault tests download nothing. */
export async function hasTensorFlow(): Promise<boolean> {
  const { locateLibrary } = await import("../../core/backend/tensorflow/mod.ts");
  return await locateLibrary({ download: false }).then(() => true, () => false);
}
