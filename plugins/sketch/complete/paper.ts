/** What of a picture is paper, whatever its colour and light. */

/** A picture's colours, 0 … 255. */
export interface Colours {
  /** [height, width, 3]. */
  rgb: Float32Array;
  width: number; // px
  height: number;
}

/** Paper of one colour: at least so much of the picture lies so near to it. */
const FLAT_SHARE = 0.4, FLAT_NEAR = 7;
/** Cells in which the colour of uneven paper is looked for, px a side; lines are thinner. */
const CELL = 8;
/** Cells around one that tell what its paper is: a stroke fills less than half of them. */
const AROUND = 3;

/**
 * The one colour that most of a picture has.
 * @returns undefined where none has enough, as under uneven light
 */
export function flatPaper(colours: Colours): [number, number, number] | undefined {
  const colour = commonest(colours);
  const { rgb } = colours, pixels = rgb.length / 3;
  let near = 0;
  for (let i = 0; i < pixels; i++) if (distance(rgb, i, colour) <= FLAT_NEAR) near++;
  return near >= FLAT_SHARE * pixels ? colour : undefined;
}

/** The mean of the fullest of 32³ bins of colours and of those beside it. */
function commonest({ rgb }: Colours): [number, number, number] {
  const bins = new Uint32Array(32 ** 3);
  const binOf = (i: number) =>
    (rgb[3 * i]! >> 3) * 1024 + (rgb[3 * i + 1]! >> 3) * 32 + (rgb[3 * i + 2]! >> 3);
  for (let i = 0; i < rgb.length / 3; i++) bins[binOf(i)]!++;
  const most = bins.indexOf(bins.reduce((a, b) => Math.max(a, b), 0));
  const centre = [most >> 10, most >> 5 & 31, most & 31].map((bin) => 8 * bin + 3.5);
  const sum = [0, 0, 0];
  let count = 0;
  for (let i = 0; i < rgb.length / 3; i++) {
    if (centre.some((v, c) => Math.abs(rgb[3 * i + c]! - v) > 8)) continue;
    for (let c = 0; c < 3; c++) sum[c]! += rgb[3 * i + c]!;
    count++;
  }
  return sum.map((value) => value / count) as [number, number, number]; // three channels
}

function distance(rgb: Float32Array, i: number, [r, g, b]: readonly number[]): number {
  return Math.hypot(rgb[3 * i]! - r!, rgb[3 * i + 1]! - g!, rgb[3 * i + 2]! - b!);
}

/**
 * The colour of uneven paper at each pixel: the median of what is around it.
 * @returns [height, width, 3]
 */
export function unevenPaper(colours: Colours): Float32Array {
  const { width, height, rgb } = colours;
  const columns = Math.ceil(width / CELL), rows = Math.ceil(height / CELL);
  const out = new Float32Array(rgb.length);
  for (let c = 0; c < 3; c++) {
    const cells = cellsOf(colours, c, columns, rows);
    const smooth = cells.map((_, i) =>
      median(around(cells, i % columns, Math.floor(i / columns), { columns, rows }))
    );
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        out[3 * (y * width + x) + c] = between(
          smooth,
          x / CELL - 0.5,
          y / CELL - 0.5,
          columns,
          rows,
        );
      }
    }
  }
  return out;
}

/** The median of each cell. */
function cellsOf(
  { rgb, width, height }: Colours,
  channel: number,
  columns: number,
  rows: number,
): Float32Array {
  return Float32Array.from({ length: columns * rows }, (_, i) => {
    const left = (i % columns) * CELL, top = Math.floor(i / columns) * CELL;
    const values: number[] = [];
    for (let y = top; y < Math.min(height, top + CELL); y++) {
      for (let x = left; x < Math.min(width, left + CELL); x++) {
        values.push(rgb[3 * (y * width + x) + channel]!); // inside
      }
    }
    return median(values);
  });
}

function around(
  cells: Float32Array,
  x: number,
  y: number,
  { columns, rows }: { columns: number; rows: number },
): number[] {
  const values: number[] = [];
  for (let v = Math.max(0, y - AROUND); v <= Math.min(rows - 1, y + AROUND); v++) {
    for (let u = Math.max(0, x - AROUND); u <= Math.min(columns - 1, x + AROUND); u++) {
      values.push(cells[v * columns + u]!); // inside
    }
  }
  return values;
}

export function median(values: number[]): number {
  values.sort((a, b) => a - b);
  return values[values.length >> 1] ?? 0;
}

/** Bilinear. */
function between(cells: Float32Array, x: number, y: number, columns: number, rows: number): number {
  const u = Math.max(0, Math.min(columns - 1, x)), v = Math.max(0, Math.min(rows - 1, y));
  const left = Math.floor(u), top = Math.floor(v), a = u - left, b = v - top;
  const at = (column: number, row: number) =>
    cells[Math.min(rows - 1, row) * columns + Math.min(columns - 1, column)]!; // inside
  return (1 - b) * ((1 - a) * at(left, top) + a * at(left + 1, top)) +
    b * ((1 - a) * at(left, top + 1) + a * at(left + 1, top + 1));
}
