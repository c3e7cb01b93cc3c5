/** From a raster of lines to strokes that a drawing program can edit. */
import type { Polyline } from "../drawing.ts";
import { centerPoints } from "./center_points.ts";
import { extendEnds } from "./extend_ends.ts";
import { rasterize } from "../rasterize.ts";
import { joinEdges } from "./join_edges.ts";
import { simplified, smoothed } from "./simplify.ts";
import { type SkeletonGraph, skeletonGraph } from "./skeleton_graph.ts";
import { thin } from "./thin.ts";

/** Strokes of one pen. */
export interface TracedStrokes {
  /** In the unit square, from the top left on; a dot is a line of no length. */
  lines: Polyline[];
  /** Of the pen, as a part of the side. */
  width: number;
}

/** Points may lie this far beside what was drawn, px. */
const TOLERANCE = 0.25;

/**
 * Traces lines: thins them to a skeleton, joins its pieces at crossings, and makes the points few.
 * The pen is as wide as gives the lines the picture's ink.
 * @param ink float32 [side, side] in [-1, 1], ink is 1
 */
export function traceStrokes(ink: Float32Array, side: number): TracedStrokes {
  const area = ink.reduce((sum, value) => sum + (value > -1 ? (Math.min(1, value) + 1) / 2 : 0), 0);
  const lined = Uint8Array.from(ink, (value) => value >= 0 ? 1 : 0); // half covered and more
  const skeleton = thin(lined, side), graph = skeletonGraph(skeleton, side);
  const rough = Math.max(1, area / Math.max(1, lengthOf(graph.edges.map(({ points }) => points))));
  const dots = [...graph.dots, ...lostSpots(lined, skeleton, side)].map(({ x, y }) => [x, y, x, y]);
  const thinned = joinEdges(withoutSpurs(graph, rough), 2 + rough).map((points) =>
    smoothed(points)
  );
  const pen = { ink, side, width: penWidth(area, thinned, dots.length) };
  const centred = thinned.map((points) => smoothed(centerPoints(points, pen), 1));
  const strokes = extendEnds(centred, pen);
  const lines = strokes.map((points) => simplified(points, TOLERANCE));
  const all = [...lines, ...dots].sort((a, b) => a[1]! - b[1]! || a[0]! - b[0]!) // they have points
    .map((points) => Float32Array.from(points, (value) => value / side));
  const width = inkingWidth(all, { area, side, first: penWidth(area, lines, dots.length) });
  return { lines: all, width: width / side };
}

/**
 * The pen with which lines have as much ink as the picture: where they cross or turn sharply, they
 * share some, so that it is wider than area by length.
 * @returns px
 */
function inkingWidth(
  lines: readonly Polyline[],
  { area, side, first }: { area: number; side: number; first: number },
): number {
  let width = first;
  for (let times = 0; times < 5 && lines.length > 0; times++) {
    const again = new Float32Array(side * side).fill(-1);
    rasterize(lines, again, { resolution: side, lineWidth: width });
    const drawn = again.reduce((sum, value) => sum + (value + 1) / 2, 0);
    // a line's ink grows as the width, a dot's as its square: between them both converge
    if (drawn > 0) width = Math.max(1, width * (area / drawn) ** 0.7);
  }
  return width;
}

/** Middles of spots that thinning leaves nothing of: squares of 2 by 2, px. */
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
 * Round ends and dots add a circle each: area = length · width + count · π (width / 2)².
 * @returns px, 1 at least
 */
function penWidth(area: number, lines: readonly number[][], dots: number): number {
  const length = lengthOf(lines), ends = Math.PI / 4 * (lines.length + dots);
  if (length === 0 && ends === 0) return 1;
  const width = ends === 0
    ? area / length
    : (Math.sqrt(length * length + 4 * ends * area) - length) / (2 * ends);
  return Math.max(1, width);
}

/** Without what thinning leaves beside a wide line: ends at a joint that are no longer than it. */
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

/** Of all lines together. */
function lengthOf(lines: readonly (readonly number[])[]): number {
  let length = 0;
  for (const line of lines) {
    for (let i = 2; i < line.length; i += 2) {
      length += Math.hypot(line[i]! - line[i - 2]!, line[i + 1]! - line[i - 1]!); // pairs
    }
  }
  return length;
}
