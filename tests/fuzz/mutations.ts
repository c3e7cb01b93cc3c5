/** Mutations of files, for fast-check. */
import assert from "node:assert/strict";
import fc from "fast-check";

/** What a mutation does at a position of the text or bytes. */
const mutations = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    drop: fc.nat(9),
    put: fc.uint8Array({ maxLength: 5 }),
  }),
  { minLength: 1, maxLength: 4 },
);

/** Bytes with some removed and others inserted. */
function mutated(
  bytes: Uint8Array,
  changes: { at: number; drop: number; put: Uint8Array }[],
): Uint8Array {
  for (const { at, drop, put } of changes) {
    const i = Math.floor(at * bytes.length);
    bytes = Uint8Array.from([...bytes.subarray(0, i), ...put, ...bytes.subarray(i + drop)]);
  }
  return bytes;
}

/** {@linkcode mutated} bytes. */
export const mutatedBytes = (bytes: Uint8Array): fc.Arbitrary<Uint8Array> =>
  mutations.map((changes) => mutated(bytes, changes));

/** {@linkcode mutated} text; invalid UTF-8 becomes U+FFFD. */
export const mutatedText = (text: string): fc.Arbitrary<string> =>
  mutatedBytes(new TextEncoder().encode(text)).map((bytes) => new TextDecoder().decode(bytes));

/** A JSON text with one of its values replaced by an arbitrary one. */
export function replacedJson(json: string): fc.Arbitrary<string> {
  let values = 0;
  JSON.parse(json, (_, value) => (values++, value));
  return fc.tuple(fc.nat(values - 1), fc.jsonValue()).map(([n, value]) => {
    let i = 0;
    return JSON.stringify(JSON.parse(json, (_, old) => i++ === n ? value : old));
  });
}

/** The result of `read`; undefined if it throws an error of a kind that callers expect. */
export function decodesOrThrows<T>(
  kinds: (new (...parts: never[]) => Error)[],
  read: () => T,
): T | undefined {
  try {
    return read();
  } catch (error) {
    assert.ok(kinds.some((kind) => error instanceof kind), String(error));
  }
}
