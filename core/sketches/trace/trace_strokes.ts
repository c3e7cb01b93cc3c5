/** Traces a raster of lines to strokes that a drawing program can edit. */
import type { Polyline } from "../drawing.ts";
import { centerPoints } from "./center_points.ts";
import { extendEnds } from "./extend_ends.ts";
import { rasterize } from "../rasterize.ts";
import { joinEdges } from "./join_edges.ts";
import { lengthOf, penWidths } from "./pen_widths.ts";
import { simplified, smoothed } from "./simplify.ts";
import { type SkeletonGraph, skeletonGraph } from "./skeleton_graph.ts";
import { thin } from "./thin.ts";

/** Strokes and their pen widths. */
export interface TracedStrokes {
  /** In the unit square, sorted from the top left; a dot is a line of zero length. */
  lines: Polyline[];
  /** Pen width of each line, relative to the side. */
  widths: number[];
}

/** Largest deviation of points from the traced line in px. */
const TOLERANCE = 0.25;

/**
 * Traces lines: thins them to a skeleton, joins its pieces at junctions, and reduces the points.
 * Strokes of different widths have their own pens; together they have as much ink as the picture.
 * @param ink float32 [side, side] in [-1, 1]; ink is 1
 */
export function traceStrokes(ink: Float32Array, side: number): TracedStrokes {
  const area = inkOf(ink), picture = { ink, side };
  const binary = Uint8Array.from(ink, (value) => value >= 0 ? 1 : 0); // half covered and more
  const skeleton = thin(binary, side), graph = skeletonGraph(skeleton, side);
  const length = lengthOf(graph.edges.map(({ points }) => points));
  const meanWidth = Math.max(1, area / Math.max(1, length));
  const spots = [...graph.dots, ...lostSpots(binary, skeleton, side)];
  const dots = spots.map(({ x, y }) => [x, y, x, y]);
  const thinned = joinEdges(withoutSpurs(graph, meanWidth), 2 + meanWidth).map((points) =>
    smoothed(points)
  );
  const pens = penWidths([...thinned, ...dots], picture);
  const lines = thinned.map((points, i) => {
    const pen = { ...picture, width: pens[i]! }; // one width per stroke
    return simplified(extendEnds(smoothed(centerPoints(points, pen), 1), pen), TOLERANCE);
  });
  const all = [...lines, ...dots].map((points, i) => ({ points, width: pens[i]! })) // same length
    .sort(({ points: a }, { points: b }) => a[1]! - b[1]! || a[0]! - b[0]!) // they have points
    .map(({ points, width }) => ({
      line: Float32Array.from(points, (value) => value / side),
      width,
    }));
  const by = inkingFactor(all, area, side);
  return {
    lines: all.map(({ line }) => line),
    widths: all.map(({ width }) => Math.max(1, width * by) / side),
  };
}

/** A line in the unit square and its pen width in px. */
interface PenStroke {
  line: Polyline;
  width: number;
}

/**
 * The factor by which pens must be wider for their lines to have as much ink as the picture,
 * because lines overlap where they cross or turn sharply.
 */
function inkingFactor(strokes: readonly PenStroke[], area: number, side: number): number {
  let by = 1;
  for (let times = 0; times < 5 && strokes.length > 0; times++) {
    const again = new Float32Array(side * side).fill(-1);
    for (const { line, width } of strokes) {
      rasterize([line], again, { resolution: side, lineWidth: Math.max(1, by * width) });
    }
    // a line's ink is proportional to the width, a dot's to its square: this exponent converges for
    // both
    const drawn = inkOf(again);
    if (drawn > 0) by *= (area / drawn) ** 0.7;
  }
  return by;
}

/** Total ink of a raster in px. */
function inkOf(raster: Float32Array): number {
  return raster.reduce((sum, x) => sum + (x > -1 ? (Math.min(1, x) + 1) / 2 : 0), 0);
}

/** Centres of spots that thinning removes completely, which are squares of 2 by 2 px. */
function lostSpots(ink: Uint8Array, skeleton: Uint8Array, side: number) {
  const seen = new Uint8Array(ink.length), spots: { x: number; y: number }[] = [];
  for (const start of ink.keys()) {
    if (!ink[start] || seen[start]) continue;
    const spot = [start];
    let isKept = false, x = 0, y = 0;
    seen[start] = 1;
    for (const at of spot) {
      const column = at % side, row = Math.floor(at / side);
      isKept ||= skeleton[at] === 1;
      [x, y] = [x + column + 0.5, y + row + 0.5];
      for (let to = Math.max(0, row - 1); to <= Math.min(side - 1, row + 1); to++) {
        for (let c = Math.max(0, column - 1); c <= Math.min(side - 1, column + 1); c++) {
          const next = to * side + c;
          if (!ink[next] || seen[next]) continue;
          seen[next] = 1;
          spot.push(next);
        }
      }
    }
    if (!isKept) spots.push({ x: x / spot.length, y: y / spot.length });
  }
  return spots;
}

/**
 * Removes the spurs that thinning leaves beside a wide line: ends at a junction that are no longer
 * than its width.
 */
function withoutSpurs(graph: SkeletonGraph, width: number): SkeletonGraph {
  const degree = new Map<number, number>();
  for (const { from, to } of graph.edges) {
    for (const node of [from, to]) degree.set(node, (degree.get(node) ?? 0) + 1);
  }
  const edges = graph.edges.filter(({ from, to, points }) => {
    const [a, b] = [degree.get(from)!, degree.get(to)!]; // each has an edge
    return !(Math.min(a, b) === 1 && Math.max(a, b) > 2 && lengthOf([points]) <= width);
  });
  return { ...graph, edges };
}
