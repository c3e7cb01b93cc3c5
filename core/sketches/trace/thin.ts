/**
 * Thins the lines of a raster to one pixel (Zhang and Suen 1984, "A Fast Parallel Algorithm for
 * Thinning Digital Patterns").
 * @param ink 1 where there is ink, [side, side]; the outside is paper
 * @returns the thinned raster
 */
export function thin(ink: Uint8Array, side: number): Uint8Array {
  const wide = side + 2, kept = new Uint8Array(wide * wide); // with paper around
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) kept[(y + 1) * wide + x + 1] = ink[y * side + x]! ? 1 : 0;
  }
  // clockwise from the pixel above
  const around = [-wide, -wide + 1, 1, wide + 1, wide, wide - 1, -1, -wide - 1];
  const isSurplus = (at: number, pass: 0 | 1): boolean => {
    let count = 0, changes = 0, before = kept[at + around[7]!]!;
    for (const step of around) {
      const value = kept[at + step]!; // inside, for there is paper around
      count += value;
      if (before === 0 && value === 1) changes++;
      before = value;
    }
    if (count < 2 || count > 6 || changes !== 1) return false;
    const above = kept[at - wide]!, right = kept[at + 1]!; // as above
    const below = kept[at + wide]!, left = kept[at - 1]!;
    return pass === 0
      ? above * right * below === 0 && right * below * left === 0
      : above * right * left === 0 && above * below * left === 0;
  };
  let pixels = [...kept.keys()].filter((at) => kept[at] === 1);
  for (let quiet = 0, pass: 0 | 1 = 0; quiet < 2; pass = pass === 0 ? 1 : 0) {
    const surplus = pixels.filter((at) => isSurplus(at, pass));
    for (const at of surplus) kept[at] = 0;
    quiet = surplus.length === 0 ? quiet + 1 : 0;
    if (surplus.length > 0) pixels = pixels.filter((at) => kept[at] === 1);
  }
  const out = new Uint8Array(side * side);
  for (const at of pixels) out[(Math.floor(at / wide) - 1) * side + at % wide - 1] = 1;
  return out;
}
