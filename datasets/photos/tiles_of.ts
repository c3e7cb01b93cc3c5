/** A square of a picture. */
export interface Tile {
  /** Index of its picture. */
  number: number;
  /** Its left edge in px. */
  x: number;
  /** Its upper edge in px. */
  y: number;
}

/**
 * Tiles the middle of each picture with squares. The most central square of each picture comes
 * first, then the second ones, and so on. Pictures that are too small have none.
 * @param side px
 */
export function tilesOf(
  pictures: readonly { number: number; width: number; height: number }[],
  side: number,
): Tile[] {
  const ranked = pictures.flatMap(({ number, width, height }) => {
    const columns = Math.floor(width / side), rows = Math.floor(height / side);
    const left = Math.floor((width - columns * side) / 2);
    const top = Math.floor((height - rows * side) / 2);
    const tiles = Array.from({ length: columns * rows }, (_, i) => {
      const column = i % columns, row = Math.floor(i / columns);
      const far = (column - (columns - 1) / 2) ** 2 + (row - (rows - 1) / 2) ** 2;
      return { tile: { number, x: left + column * side, y: top + row * side }, far };
    });
    return tiles.sort((a, b) => a.far - b.far).map(({ tile }, rank) => ({ tile, rank }));
  });
  return ranked.sort((a, b) => a.rank - b.rank).map(({ tile }) => tile); // stable
}
