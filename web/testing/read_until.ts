/** Reads a stream that does not end. */
import assert from "node:assert/strict";

/** Reads a response until its text matches, for at most 20 s, and asserts the match. */
export async function readUntil(response: Response, wanted: RegExp): Promise<string> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const deadline = setTimeout(() => reader.cancel(), 20_000);
  while (!wanted.test(text)) {
    const { done, value } = await reader.read();
    if (done) break;
    text += value;
  }
  clearTimeout(deadline);
  await reader.cancel();
  assert.match(text, wanted);
  return text;
}
