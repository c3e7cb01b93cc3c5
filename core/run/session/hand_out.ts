/** Broadcasts text from worker 0 to all workers. */
import type { Backend } from "../../backend/types.ts";

/**
 * Texts are padded to a multiple of this many int32, since each length of a gather is compiled
 * separately.
 */
const WORDS = 1024;

/**
 * Waits for all workers, and gives each of them worker 0's text.
 * @param own the text, on worker 0 only
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
