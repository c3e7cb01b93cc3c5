/** Interpolation between latents. */

/**
 * Spherical linear interpolation (Shoemake 1985; for latents: White 2016, "Sampling Generative
 * Networks"): sin((1 - t) θ) / sin θ · a + sin(t θ) / sin θ · b, with θ the angle between a and b.
 * Interpolated points keep the length of a normal latent, whereas a straight line would pass nearer
 * to 0.
 * @param t 0 gives a, 1 gives b
 */
export function slerp(a: Float32Array, b: Float32Array, t: number): Float32Array {
  let product = 0, squaresA = 0, squaresB = 0;
  for (let i = 0; i < a.length; i++) {
    product += a[i]! * b[i]!; // same length
    squaresA += a[i]! ** 2;
    squaresB += b[i]! ** 2;
  }
  const cosine = product / Math.sqrt(squaresA * squaresB);
  const angle = Math.acos(Math.min(1, Math.max(-1, cosine))), sine = Math.sin(angle);
  const isLine = !(sine > 1e-4); // parallel or zero vectors: linear interpolation is as good
  const x = isLine ? 1 - t : Math.sin((1 - t) * angle) / sine;
  const y = isLine ? t : Math.sin(t * angle) / sine;
  return Float32Array.from(a, (value, i) => x * value + y * b[i]!);
}

/**
 * Latents of a walk through key latents.
 * @param frames number of steps from one key to the next
 * @param loop whether the last key leads back to the first
 * @returns keys · frames latents if it loops, otherwise (keys - 1) · frames + 1
 */
export function walkLatents(
  keys: readonly Float32Array[],
  frames: number,
  loop: boolean,
): Float32Array[] {
  const out: Float32Array[] = [];
  const legs = loop ? keys.length : keys.length - 1;
  for (let leg = 0; leg < legs; leg++) {
    const a = keys[leg]!, b = keys[(leg + 1) % keys.length]!; // in range
    for (let i = 0; i < frames; i++) out.push(slerp(a, b, i / frames));
  }
  if (!loop) out.push(keys.at(-1)!); // there are two keys or more
  return out;
}
