/**
 * Converts a skeleton of one pixel width to a graph: junctions and ends, and the lines between
 * them.
 */

/** A line between two nodes: pixel centres, as alternating x and y in px. */
export interface Edge {
  from: number;
  to: number;
  points: number[];
}

/** The nodes and edges; a closed edge without a junction has a node of its own. */
export interface SkeletonGraph {
  /** Centre of each node in px. */
  nodes: { x: number; y: number }[];
  edges: Edge[];
  /** Isolated pixels in px. */
  dots: { x: number; y: number }[];
}

/**
 * Builds the graph. Pixels are connected by their sides, and by a corner only if no side connects
 * them.
 * @param skeleton 1 where there is a line, [side, side]
 */
export function skeletonGraph(skeleton: Uint8Array, side: number): SkeletonGraph {
  const isOn = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < side && y < side && skeleton[y * side + x] === 1;
  const touching = (at: number): number[] => {
    const x = at % side, y = Math.floor(at / side), found: number[] = [];
    for (const [dx, dy] of [[0, -1], [1, 0], [0, 1], [-1, 0]] as const) {
      if (isOn(x + dx, y + dy)) found.push(at + dy * side + dx);
    }
    for (const [dx, dy] of [[1, -1], [1, 1], [-1, 1], [-1, -1]] as const) {
      const isCorner = !isOn(x + dx, y) && !isOn(x, y + dy);
      if (isCorner && isOn(x + dx, y + dy)) found.push(at + dy * side + dx);
    }
    return found;
  };
  const pixels = [...skeleton.keys()].filter((at) => skeleton[at] === 1);
  const neighbours = new Map(pixels.map((at) => [at, touching(at)]));
  const near = (at: number) => neighbours.get(at)!; // of every pixel
  const middle = (at: number) => ({ x: at % side + 0.5, y: Math.floor(at / side) + 0.5 });

  const nodes: SkeletonGraph["nodes"] = [], nodeOf = new Map<number, number>();
  for (const at of pixels) { // adjacent junction pixels form one node
    if (near(at).length < 3 || nodeOf.has(at)) continue;
    const junction = [at];
    nodeOf.set(at, nodes.length);
    for (const pixel of junction) {
      for (const next of near(pixel)) {
        if (near(next).length < 3 || nodeOf.has(next)) continue;
        nodeOf.set(next, nodes.length);
        junction.push(next);
      }
    }
    const all = junction.map(middle);
    const mean = (key: "x" | "y") => all.reduce((sum, one) => sum + one[key], 0) / all.length;
    nodes.push({ x: mean("x"), y: mean("y") });
  }
  for (const at of pixels) {
    if (near(at).length === 1) nodeOf.set(at, nodes.push(middle(at)) - 1);
  }

  const edges: Edge[] = [], seen = new Set<number>();
  /** Walks from a node over `first` to the next node. */
  const walk = (start: number, first: number): void => {
    const from = nodeOf.get(start)!; // a node
    const points = [nodes[from]!.x, nodes[from]!.y];
    let before = start, at = first;
    while (!nodeOf.has(at)) {
      seen.add(at);
      points.push(middle(at).x, middle(at).y);
      const next = near(at).find((pixel) => pixel !== before && pixel !== at)!; // it has two
      [before, at] = [at, next];
    }
    const to = nodeOf.get(at)!;
    points.push(nodes[to]!.x, nodes[to]!.y);
    edges.push({ from, to, points });
  };
  const walked = new Set<string>();
  for (const [at, node] of nodeOf) {
    for (const next of near(at)) {
      const other = nodeOf.get(next);
      if (other === node) continue; // inside a junction
      if (other === undefined) {
        if (!seen.has(next)) walk(at, next);
      } else if (!walked.has(`${Math.min(at, next)} ${Math.max(at, next)}`)) {
        walked.add(`${Math.min(at, next)} ${Math.max(at, next)}`);
        walk(at, next);
      }
    }
  }
  for (const at of pixels) { // rings without a junction
    if (seen.has(at) || nodeOf.has(at) || near(at).length !== 2) continue;
    nodeOf.set(at, nodes.push(middle(at)) - 1);
    walk(at, near(at)[0]!);
  }
  const dots = pixels.filter((at) => near(at).length === 0).map(middle);
  return { nodes, edges, dots };
}
