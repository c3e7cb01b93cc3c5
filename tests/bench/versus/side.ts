/** One side of a comparison: a process that runs steps on request, and sleeps otherwise. */

/** What a side reports about itself when it is ready. */
export interface SideFacts {
  library: string;
  parameters: Record<string, number>;
  /** The memory layout with which PyTorch was faster. */
  layout?: string;
  batchSize?: number;
  every?: number;
}

/** The steps that were run, in order. */
export interface SideTimes {
  milliseconds: number[];
  penalized: boolean[];
}

/** A running side. */
export interface Side {
  readonly facts: SideFacts;
  /** @param more further fields for the side's own program */
  run(steps: number, more?: Record<string, unknown>): Promise<SideTimes>;
  /** Processor time of the process so far, seconds; NaN if the system does not report it. */
  processorSeconds(): number;
  close(): Promise<void>;
}

/**
 * Starts a side and waits until it is ready.
 * @throws Error with the end of its standard error if it exits instead
 */
export async function startSide(
  program: string | URL,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Side> {
  const child = new Deno.Command(program, {
    args: [...args],
    env,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let complaints = "";
  const errors = child.stderr.pipeThrough(new TextDecoderStream()).pipeTo(
    new WritableStream({ write: (text) => void (complaints = (complaints + text).slice(-4000)) }),
  );
  const writer = child.stdin.getWriter();
  const lines = linesOf(child.stdout);
  const answer = async <T>(): Promise<T> => {
    const { value, done } = await lines.next();
    if (!done) return JSON.parse(value) as T; // the side's protocol
    await errors;
    const { code } = await child.status;
    throw new Error(`Cannot measure: ${program} ended with code ${code}:\n${complaints.trim()}`);
  };
  const facts = await answer<SideFacts>();
  return {
    facts,
    async run(steps, more = {}) {
      await writer.write(new TextEncoder().encode(JSON.stringify({ ...more, steps }) + "\n"));
      return await answer<SideTimes>();
    },
    processorSeconds: () => processorSeconds(child.pid),
    async close() {
      await writer.close();
      await child.status;
      await errors;
    },
  };
}

async function* linesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + text).split("\n");
    rest = parts.pop()!; // split() returns at least one element
    yield* parts;
  }
}

/** User and system time of a process, from Linux's /proc in ticks of 10 ms. */
function processorSeconds(pid: number): number {
  try {
    const fields = Deno.readTextFileSync(`/proc/${pid}/stat`).split(") ")[1]!.split(" ");
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return NaN;
  }
}
