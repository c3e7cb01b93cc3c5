/** Removes noise that lossy formats and cameras leave on paper. */

/** A speck has fewer pixels than this, and none above twice the threshold. */
const PIXELS = 30;

/**
 * Sets specks to 0: small connected groups of values above a threshold, none of them far above it.
 * @param values [height, width], modified in place
 * @param least the threshold
 */
export function dropSpecks(
  values: Float32Array,
  { width }: { width: number },
  least: number,
): void {
  const seen = new Uint8Array(values.length);
  for (let start = 0; start < values.length; start++) {
    if (seen[start] || values[start]! <= least) continue;
    const group = [start];
    let most = 0;
    seen[start] = 1;
    for (let at = 0; at < group.length; at++) {
      const i = group[at]!, x = i % width; // in bounds
      most = Math.max(most, values[i]!);
      for (let dx = x === 0 ? 0 : -1; dx <= (x === width - 1 ? 0 : 1); dx++) {
        for (const other of [i + dx - width, i + dx, i + dx + width]) {
          if (seen[other] !== 0 || values[other]! <= least) continue; // undefined: out of bounds
          seen[other] = 1;
          group.push(other);
        }
      }
    }
    if (group.length < PIXELS && most < 2 * least) { for (const i of group) values[i] = 0; }
  }
}
