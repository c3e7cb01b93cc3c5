/** Messages between workers, apart from TensorFlow's own: one JSON object per line. */
import * as v from "valibot";

/** Version of the message format; workers with another one are refused. */
export const PROTOCOL = 1;

const text = v.pipe(v.string(), v.maxLength(20_000));
const rank = v.pipe(v.number(), v.integer(), v.minValue(0));

const message = v.variant("type", [
  /** First on every connection, from both sides. `cluster` lists the addresses, in order. */
  v.object({ type: v.literal("hello"), protocol: v.number(), cluster: text, rank }),
  /** Instead of a hello: why the peer is refused; `forGood` tells it not to try again. */
  v.object({ type: v.literal("refused"), reason: text, forGood: v.boolean() }),
  /** Heartbeat. */
  v.object({ type: v.literal("beat") }),
  /** From rank 0: the id of the run that all train. */
  v.object({ type: v.literal("run"), id: v.pipe(text, v.regex(/^[\w.-]+$/)) }),
  /** To rank 0, at each progress event; see `WorkerPace`. */
  v.object({
    type: v.literal("pace"),
    imagesSeen: v.number(),
    imagesPerSecond: v.number(),
    waiting: v.number(),
  }),
  /** The sender ends because a worker is lost: its rank, and what happened to it. */
  v.object({ type: v.literal("lost"), rank, what: text, code: v.number() }),
  /** The sender ends on its own account; exit code 0 where the run is over. */
  v.object({ type: v.literal("end"), code: v.number(), reason: text }),
]);

export type WatchMessage = v.InferOutput<typeof message>;

/**
 * Parses a line.
 * @returns undefined where it is not a valid message
 */
export function readMessage(line: string): WatchMessage | undefined {
  try {
    const result = v.safeParse(message, JSON.parse(line));
    return result.success ? result.output : undefined;
  } catch {
    return undefined; // not JSON
  }
}
