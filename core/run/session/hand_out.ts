/** What worker 0 decides and tells the others. */
import type { Backend } from "../../backend/types.ts";

/** Texts travel as this many int32 or a multiple: each length of a gather is a function of its own. */
const WORDS = 1024;

/**
 * Waits for all workers, and tells each of them worker 0's text.
 * @param own of worker 0; the others give none
 */
export async function handOut(
  gather: NonNullable<Backend["gather"]>,
  own = "",
): Promise<string> {
  const bytes = new TextEncoder().encode(own);
  const firstOf = async (values: Int32Array) => (await gather(values))[0]!; // worker 0's
  const [length = 0] = await firstOf(Int32Array.of(bytes.length));
  const words = new Int32Array(WORDS * Math.ceil(length / (4 * WORDS)));
  if (bytes.length > 0) new Uint8Array(words.buffer).set(bytes);
  const told = await firstOf(words);
  return new TextDecoder().decode(new Uint8Array(told.buffer, told.byteOffset, length));
}
