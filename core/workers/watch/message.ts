/** What workers say to each other beside TensorFlow: one JSON object a line. */
import * as v from "valibot";

/** Of the messages' form; others are refused. */
export const PROTOCOL = 1;

const text = v.pipe(v.string(), v.maxLength(20_000));
const rank = v.pipe(v.number(), v.integer(), v.minValue(0));

const message = v.variant("type", [
  /** First on every connection, from both sides. `cluster` holds the addresses, in order. */
  v.object({ type: v.literal("hello"), protocol: v.number(), cluster: text, rank }),
  /** Instead of a hello: why the other can't come in, and whether it shall try again. */
  v.object({ type: v.literal("refused"), reason: text, forGood: v.boolean() }),
  /** Alive; says nothing else. */
  v.object({ type: v.literal("beat") }),
  /** From rank 0: the id of the run that all train. */
  v.object({ type: v.literal("run"), id: v.pipe(text, v.regex(/^[\w.-]+$/)) }),
  /** To rank 0, at each progress; see `WorkerPace`. */
  v.object({
    type: v.literal("pace"),
    imagesSeen: v.number(),
    imagesPerSecond: v.number(),
    waiting: v.number(),
  }),
  /** The sender ends, because a worker is lost: which, and what was seen. */
  v.object({ type: v.literal("lost"), rank, what: text, code: v.number() }),
  /** The sender ends by itself: exit code 0 is a run that is over. */
  v.object({ type: v.literal("end"), code: v.number(), reason: text }),
]);

/** One message. */
export type WatchMessage = v.InferOutput<typeof message>;

/**
 * Reads a line.
 * @returns undefined where it is no message
 */
export function readMessage(line: string): WatchMessage | undefined {
  try {
    const result = v.safeParse(message, JSON.parse(line));
    return result.success ? result.output : undefined;
  } catch {
    return undefined; // no JSON
  }
}
