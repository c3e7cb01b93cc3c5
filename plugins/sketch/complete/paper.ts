/** Estimates the paper of a picture, whatever its colour and lighting. */

/** A picture's colours, 0 … 255. */
export interface Colours {
  /** [height, width, 3]. */
  rgb: Float32Array;
  width: number; // px
  height: number;
}

/**
 * The paper has a single colour if at least this share of the pixels is within this distance of it.
 */
const FLAT_SHARE = 0.4, FLAT_NEAR = 7;
/** Side of the cells in which the colour of uneven paper is estimated, px; wider than a line. */
const CELL = 8;
/**
 * Radius, in cells, of the neighbourhood whose median is the paper; strokes fill less than half of
 * it.
 */
const AROUND = 3;

/**
 * The single colour that most of a picture has.
 * @returns undefined where no colour covers enough, as under uneven light
 */
export function flatPaper(colours: Colours): [number, number, number] | undefined {
  const colour = commonest(colours);
  const { rgb } = colours, pixels = rgb.length / 3;
  let near = 0;
  for (let i = 0; i < pixels; i++) if (distance(rgb, i, colour) <= FLAT_NEAR) near++;
  return near >= FLAT_SHARE * pixels ? colour : undefined;
}

/** The mean colour around the fullest of 32³ histogram bins, including its neighbours. */
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
 * The colour of unevenly lit paper at each pixel: a median over its neighbourhood.
 * @returns [height, width, 3]
 */
export function unevenPaper(colours: Colours): Float32Array {
  const { width, height, rgb } = colours;
  const columns = Math.ceil(width / CELL), rows = Math.ceil(height / CELL);
  const out = new Float32Array(rgb.length);
  for (let c = 0; c < 3; c++) {
    const cells = cellsOf(colours, c, columns, rows);
    const smooth = cells.map((_, i) =>
      median(neighbourhood(cells, i % columns, Math.floor(i / columns), { columns, rows }))
    );
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        out[3 * (y * width + x) + c] = interpolated(
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
        values.push(rgb[3 * (y * width + x) + channel]!); // in bounds
      }
    }
    return median(values);
  });
}

function neighbourhood(
  cells: Float32Array,
  x: number,
  y: number,
  { columns, rows }: { columns: number; rows: number },
): number[] {
  const values: number[] = [];
  for (let v = Math.max(0, y - AROUND); v <= Math.min(rows - 1, y + AROUND); v++) {
    for (let u = Math.max(0, x - AROUND); u <= Math.min(columns - 1, x + AROUND); u++) {
      values.push(cells[v * columns + u]!); // in bounds
    }
  }
  return values;
}

export function median(values: number[]): number {
  values.sort((a, b) => a - b);
  return values[values.length >> 1] ?? 0;
}

/** Interpolates bilinearly between cells. */
function interpolated(
  cells: Float32Array,
  x: number,
  y: number,
  columns: number,
  rows: number,
): number {
  const u = Math.max(0, Math.min(columns - 1, x)), v = Math.max(0, Math.min(rows - 1, y));
  const left = Math.floor(u), top = Math.floor(v), a = u - left, b = v - top;
  const at = (column: number, row: number) =>
    cells[Math.min(rows - 1, row) * columns + Math.min(columns - 1, column)]!; // in bounds
  return (1 - b) * ((1 - a) * at(left, top) + a * at(left + 1, top)) +
    b * ((1 - a) * at(left, top + 1) + a * at(left + 1, top + 1));
}
