/** JSON messages over a byte stream, one a line. */
import { MAX_LINE } from "./protocol.ts";

/**
 * Reads messages until the stream ends.
 * @throws RangeError where a line is longer than the protocol allows
 * @throws SyntaxError where a line is no JSON
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

/** Writes messages one after the other, however many are sent at once. */
export function messageWriter(
  stream: WritableStream<Uint8Array>,
): (message: unknown) => Promise<void> {
  const writer = stream.getWriter();
  const encoder = new TextEncoder();
  return (message) => writer.write(encoder.encode(JSON.stringify(message) + "\n"));
}
