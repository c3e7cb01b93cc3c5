/** Server-sent events that never queue: a frame is made when the reader has room for it. */

/** One event. */
export interface Frame {
  event: string;
  data: string;
  id?: string;
}

/**
 * Makes frames on demand. `next` resolves with what is new since its last call, or null to end; it
 * is only called once the reader took the frame before, so a slow reader skips states and costs no
 * memory.
 */
export type FrameSource = (signal: AbortSignal) => Promise<Frame[] | null>;

/**
 * Streams that are open at once, over all browsers: each costs a connection, and a tab holds one.
 */
export const MOST_STREAMS = 64;

/** Answers a stream too many; the page tries again by itself. */
export function tooManyStreams(): Response {
  return new Response(
    `Cannot follow: ${MOST_STREAMS} live pages are open, the most at once. Close some.`,
    { status: 503, headers: { "retry-after": "10" } },
  );
}

/** A comment this often keeps the connection known to be alive. */
const KEEP_ALIVE = 15_000; // milliseconds

/**
 * Streams frames as text/event-stream.
 * @param next makes the frames
 * @param onEnd called once when the reader left, or the source ended or failed
 */
export function eventStream(next: FrameSource, onEnd: () => void): Response {
  const ending = new AbortController();
  const encoder = new TextEncoder();
  const end = () => {
    if (ending.signal.aborted) return;
    ending.abort();
    onEnd();
  };
  let pending: Promise<Frame[] | null> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode("retry: 1000\n\n"));
    },
    async pull(controller) {
      pending ??= next(ending.signal);
      const frames = await withTimeout(pending, KEEP_ALIVE).catch((error) => {
        end(); // the reader is told by the error
        throw error;
      });
      if (ending.signal.aborted) return;
      if (frames === "quiet") return controller.enqueue(encoder.encode(": alive\n\n"));
      pending = undefined;
      if (frames === null) {
        end();
        return controller.close();
      }
      controller.enqueue(encoder.encode(frames.map(format).join("") || ": nothing\n\n"));
    },
    cancel: end,
  }, { highWaterMark: 1 });
  return new Response(body, {
    headers: { "content-type": "text/event-stream; charset=utf-8", "x-accel-buffering": "no" },
  });
}

function format({ event, data, id }: Frame): string {
  const lines = data.split("\n").map((line) => `data: ${line}\n`).join("");
  return `${id === undefined ? "" : `id: ${id}\n`}event: ${event}\n${lines}\n`;
}

function withTimeout<T>(promise: Promise<T>, milliseconds: number): Promise<T | "quiet"> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const quiet = new Promise<"quiet">((resolve) => {
    timer = setTimeout(() => resolve("quiet"), milliseconds);
  });
  return Promise.race([promise, quiet]).finally(() => clearTimeout(timer));
}
