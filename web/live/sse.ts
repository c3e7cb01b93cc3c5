/** Server-sent events that never queue: a frame is built only when the reader is ready for it. */

/** One event. */
export interface Frame {
  event: string;
  data: string;
  id?: string;
}

/**
 * Builds frames on demand. `next` resolves with what is new since its last call, or with null to
 * end the stream. It is called only after the reader has taken the previous frame, so a slow reader
 * skips states and uses no memory.
 */
export type FrameSource = (signal: AbortSignal) => Promise<Frame[] | null>;

/** Maximum number of open streams over all browsers. Each takes a connection, and a tab has one. */
export const MOST_STREAMS = 64;

/** Rejects a stream above the maximum; the page retries by itself. */
export function tooManyStreams(): Response {
  return new Response(
    `Cannot follow: ${MOST_STREAMS} live pages are open, the most at once. Close some.`,
    { status: 503, headers: { "retry-after": "10" } },
  );
}

/** Interval of comments that keep the connection alive. */
const KEEP_ALIVE = 15_000; // milliseconds

/**
 * Streams frames as text/event-stream.
 * @param next builds the frames
 * @param onEnd called once, when the reader has left or the source has ended or failed
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
        end(); // the error reaches the reader
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
