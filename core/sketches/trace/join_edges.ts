/** Lines of a graph joined to strokes: at a joint a pen goes straight on. */
import type { Edge, SkeletonGraph } from "./skeleton_graph.ts";

/** Cosine of the sharpest turn that a stroke takes at a joint of three or more lines: 60°. */
const STRAIGHT = -0.5;

/** One end of an edge. */
interface End {
  edge: number;
  /** Whether it is where the edge begins. */
  isStart: boolean;
}

/**
 * Joins edges to strokes. Lines that lead into a joint are paired, the straightest first; two that
 * meet are always one.
 * @param reach along a line, px, for its direction at a joint
 * @returns strokes, x and y by turns, px; closed ones end where they begin
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

/** Away from the node, length 1. */
function directionOf({ points }: Edge, isStart: boolean, reach: number): { x: number; y: number } {
  const all = isStart ? points : reversed(points), [x0, y0] = [all[0]!, all[1]!];
  let dx = 0, dy = 0;
  for (let i = 2; i < all.length; i += 2) {
    [dx, dy] = [all[i]! - x0, all[i + 1]! - y0]; // pairs
    if (Math.hypot(dx, dy) >= reach) break;
  }
  const length = Math.hypot(dx, dy) || 1;
  return { x: dx / length, y: dy / length };
}

/** The same points from last to first. */
export function reversed(points: readonly number[]): number[] {
  const out: number[] = [];
  for (let i = points.length - 2; i >= 0; i -= 2) out.push(points[i]!, points[i + 1]!); // pairs
  return out;
}
