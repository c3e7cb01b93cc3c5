/**
 * Creates a function that sorts float32 numbers in place, ascending: an LSD radix sort with three
 * passes of 11 bits, in which the bits of negative numbers are flipped so that they compare as
 * integers. For 10^5 numbers it is several times as fast as `Float32Array.sort`. NaNs are sorted to
 * an end, -0 before 0.
 * @param capacity the most numbers sorted at once; the function allocates 8 bytes for each
 */
export function floatSorter(capacity: number): (values: Float32Array) => void {
  const a = new Int32Array(capacity), b = new Int32Array(capacity);
  const low = new Int32Array(RADIX), middle = new Int32Array(RADIX), high = new Int32Array(RADIX);
  return (values) => {
    const n = values.length, words = new Int32Array(values.buffer, values.byteOffset, n);
    for (const counts of [low, middle, high]) counts.fill(0);
    for (let i = 0; i < n; i++) {
      const bits = words[i]!; // i < n
      // flips all bits of a negative number, and the sign bit of others
      const key = bits ^ ((bits >> 31) | SIGN);
      a[i] = key;
      low[key & MASK]!++;
      middle[(key >>> 11) & MASK]!++;
      high[key >>> 22]!++;
    }
    for (const counts of [low, middle, high]) toStarts(counts);
    for (let i = 0; i < n; i++) b[low[a[i]! & MASK]!++] = a[i]!;
    for (let i = 0; i < n; i++) a[middle[(b[i]! >>> 11) & MASK]!++] = b[i]!;
    for (let i = 0; i < n; i++) {
      const key = a[i]!;
      words[high[key >>> 22]!++] = key ^ ((~key >> 31) | SIGN);
    }
  };
}

const SIGN = 1 << 31, RADIX = 2048, MASK = RADIX - 1;

/** Turns counts into the start index of each digit. */
function toStarts(counts: Int32Array): void {
  let start = 0;
  for (let digit = 0; digit < RADIX; digit++) {
    const count = counts[digit]!;
    counts[digit] = start;
    start += count;
  }
}
