/** Joins the lines of a graph to strokes: at a junction, a pen goes straight on. */
import type { Edge, SkeletonGraph } from "./skeleton_graph.ts";

/** Cosine of the sharpest turn of a stroke at a junction of three or more lines: 60°. */
const STRAIGHT = -0.5;

/** One end of an edge. */
interface End {
  edge: number;
  /** Whether it is the start of the edge. */
  isStart: boolean;
}

/**
 * Joins edges to strokes. Lines that meet at a junction are paired, the straightest pair first; two
 * lines that meet are always joined.
 * @param reach length in px along a line over which its direction at a junction is measured
 * @returns strokes of alternating x and y in px; closed ones end where they start
 */
export function joinEdges({ edges }: SkeletonGraph, reach: number): number[][] {
  const ends = new Map<number, End[]>();
  const add = (node: number, end: End) => void ends.set(node, [...ends.get(node) ?? [], end]);
  edges.forEach(({ from, to }, edge) => {
    add(from, { edge, isStart: true });
    add(to, { edge, isStart: false });
  });
  const partner = new Map<string, End>(), key = ({ edge, isStart }: End) => `${edge} ${isStart}`;
  for (const meeting of ends.values()) {
    const directions = meeting.map((end) => directionOf(edges[end.edge]!, end.isStart, reach));
    const pairs = meeting.flatMap((_, i) =>
      meeting.slice(i + 1).map((_, k) => {
        const j = i + 1 + k, [a, b] = [directions[i]!, directions[j]!];
        return { i, j, cosine: a.x * b.x + a.y * b.y };
      })
    ).sort((a, b) => a.cosine - b.cosine);
    for (const { i, j, cosine } of pairs) {
      const [a, b] = [meeting[i]!, meeting[j]!];
      if (partner.has(key(a)) || partner.has(key(b))) continue;
      if (meeting.length > 2 && cosine > STRAIGHT) continue;
      partner.set(key(a), b).set(key(b), a);
    }
  }
  const used = new Set<number>(), strokes: number[][] = [];
  const follow = (begin: End): void => {
    const points: number[] = [];
    let end: End | undefined = begin;
    while (end && !used.has(end.edge)) {
      used.add(end.edge);
      const part = end.isStart ? edges[end.edge]!.points : reversed(edges[end.edge]!.points);
      points.push(...points.length > 0 ? part.slice(2) : part);
      end = partner.get(key({ edge: end.edge, isStart: !end.isStart }));
    }
    strokes.push(points);
  };
  for (const [edge] of edges.entries()) { // open strokes from their ends first
    for (const isStart of [true, false]) {
      if (!used.has(edge) && !partner.has(key({ edge, isStart }))) follow({ edge, isStart });
    }
  }
  for (const [edge] of edges.entries()) if (!used.has(edge)) follow({ edge, isStart: true });
  return strokes;
}

/** The unit vector away from the node. */
function directionOf({ points }: Edge, isStart: boolean, reach: number): { x: number; y: number } {
  const all = isStart ? points : reversed(points), [x0, y0] = [all[0]!, all[1]!];
  let dx = 0, dy = 0;
  for (let i = 2; i < all.length; i += 2) {
    [dx, dy] = [all[i]! - x0, all[i + 1]! - y0]; // x, y pairs
    if (Math.hypot(dx, dy) >= reach) break;
  }
  const length = Math.hypot(dx, dy) || 1;
  return { x: dx / length, y: dy / length };
}

/** The same points in reverse order. */
export function reversed(points: readonly number[]): number[] {
  const out: number[] = [];
  for (let i = points.length - 2; i >= 0; i -= 2) out.push(points[i]!, points[i + 1]!); // pairs
  return out;
}
