/** What to do where a step finds no memory: the batch is cut into parts whose gradients are averaged. */
import { messageOf } from "../text.ts";

/** TensorFlow's, WebAssembly's and V8's words for it. */
const PATTERN =
  /ResourceExhausted|\bOOM\b|out of memory|failed to allocate|cannot enlarge memory|array buffer allocation failed|invalid typed array length: \d/i;

/** True where the error, or what caused it, says that memory is exhausted. */
export function isOutOfMemory(error: unknown): boolean {
  for (let e = error; e !== undefined && e !== null; e = e instanceof Error ? e.cause : undefined) {
    if (PATTERN.test(messageOf(e))) return true;
  }
  return false;
}

/** The parts that a batch of `batchSize` is cut into: the smallest divisor of it that is at least `parts`. */
export function partsOf(batchSize: number, parts: number): number {
  let divisor = Math.min(parts, batchSize);
  while (batchSize % divisor !== 0) divisor++;
  return divisor;
}
