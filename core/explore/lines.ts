/** JSON messages over a byte stream, one per line. */
import { MAX_LINE } from "./protocol.ts";

/**
 * Reads messages until the stream ends.
 * @throws RangeError if a line is longer than the protocol allows
 * @throws SyntaxError if a line is not JSON
 */
export async function* readMessages(stream: ReadableStream<Uint8Array>): AsyncGenerator<unknown> {
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const pieces = decoder.decode(chunk, { stream: true }).split("\n");
    const rest = pieces.pop()!; // split() gives at least one
    for (const piece of pieces) {
      const line = parts.join("") + piece;
      parts.length = 0;
      length = 0;
      if (line.trim() !== "") yield JSON.parse(line);
    }
    parts.push(rest);
    length += rest.length;
    if (length > MAX_LINE) {
      throw new RangeError(`Cannot read a message: expected at most ${MAX_LINE} bytes a line`);
    }
  }
}

/** Writes messages in order, even if several are sent at the same time. */
export function messageWriter(
  stream: WritableStream<Uint8Array>,
): (message: unknown) => Promise<void> {
  const writer = stream.getWriter();
  const encoder = new TextEncoder();
  return (message) => writer.write(encoder.encode(JSON.stringify(message) + "\n"));
}
