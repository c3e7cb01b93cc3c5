/**
 * Exports profiles in the Trace Event Format, as displayed by chrome://tracing and ui.perfetto.dev.
 */
import type { ExecutedOp } from "../backend/types.ts";
import type { StepProfile } from "./profile.ts";

/**
 * A trace event: "X" starts at `ts` and lasts `dur`, both in microseconds; "M" names a process or a
 * thread.
 */
export type TraceEvent =
  | {
    ph: "X";
    name: string;
    cat: string;
    ts: number;
    dur: number;
    pid: number;
    tid: number;
    args: Record<string, unknown>;
  }
  | { ph: "M"; name: string; pid: number; tid?: number; args: { name: string } };

/** The content of a trace file. */
export interface ChromeTrace {
  /**
   * Events of two processes, single ops (1) and replays (2), with one thread for each kind of step.
   */
  traceEvents: TraceEvent[];
  displayTimeUnit: "ms";
  /** What was profiled, and how to read it. */
  otherData: Record<string, string>;
}

const OPS = 1, REPLAYS = 2;

/**
 * Builds a trace of profiled steps. Times start at the first op.
 * @param facts what was profiled: model, resolution, batch, machine
 */
export function chromeTrace(
  profiles: readonly StepProfile[],
  facts: Record<string, string>,
): ChromeTrace {
  const begin = Math.min(
    ...profiles.flatMap(({ ops, replays }) => [...ops.slice(0, 1), ...replays.slice(0, 1)])
      .map(({ startedAt }) => startedAt),
  );
  const microseconds = (at: number) => (at - begin) * 1000;
  const traceEvents: TraceEvent[] = [
    named("process_name", OPS, "ops of the recorded step, executed one by one in float32"),
    named("process_name", REPLAYS, "replays of the whole step in one call, as in training"),
  ];
  profiles.forEach(({ name, ops, replays }, i) => {
    const tid = i + 1;
    for (const pid of [OPS, REPLAYS]) traceEvents.push(named("thread_name", pid, name, tid));
    for (const op of ops) {
      const { op: kind, inputs, outputs, startedAt, milliseconds } = op;
      const args = { inputs: shapesOf(inputs), outputs: shapesOf(outputs) };
      const time = { ts: microseconds(startedAt), dur: milliseconds * 1000 };
      traceEvents.push({ ph: "X", name: kind, cat: "op", ...time, pid: OPS, tid, args });
    }
    for (const { startedAt, milliseconds, libraryMilliseconds } of replays) {
      const args = { libraryMilliseconds };
      const time = { ts: microseconds(startedAt), dur: milliseconds * 1000 };
      traceEvents.push({ ph: "X", name, cat: "replay", ...time, pid: REPLAYS, tid, args });
    }
  });
  return {
    traceEvents,
    displayTimeUnit: "ms",
    otherData: {
      ...facts,
      note: "TensorFlow reports no times of ops inside a replay: each op was timed by itself " +
        "while the step was recorded. Their sum is not the replay's time: a replay shares " +
        "buffers, and computes products in the run's precision.",
    },
  };
}

/** Total of the ops of one kind with the same shapes. */
export interface OpSum {
  /** The library's name for the kind of op. */
  op: string;
  /** Shapes, e.g. "[16,8,8,64] [3,3,64,64] → [16,8,8,64]". */
  shapes: string;
  /** How often it occurs in the step. */
  count: number;
  milliseconds: number;
}

/** The ops of a step by kind and shapes, the slowest first. */
export function slowestOps(ops: readonly ExecutedOp[]): OpSum[] {
  const sums = new Map<string, OpSum>();
  for (const { op, inputs, outputs, milliseconds } of ops) {
    const shapes = `${shapesOf(inputs)} → ${shapesOf(outputs)}`, key = `${op} ${shapes}`;
    const sum = sums.get(key) ?? { op, shapes, count: 0, milliseconds: 0 };
    sum.count++;
    sum.milliseconds += milliseconds;
    sums.set(key, sum);
  }
  return [...sums.values()].sort((a, b) => b.milliseconds - a.milliseconds);
}

function named(name: string, pid: number, text: string, tid?: number): TraceEvent {
  return { ph: "M", name, pid, ...(tid === undefined ? {} : { tid }), args: { name: text } };
}

function shapesOf(shapes: readonly (readonly number[])[]): string {
  return shapes.map((shape) => `[${shape.join()}]`).join(" ");
}
