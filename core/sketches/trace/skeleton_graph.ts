/** A skeleton of one pixel as a graph: joints and ends, and the lines between them. */

/** A line between two nodes: middles of pixels, x and y by turns, px. */
export interface Edge {
  from: number;
  to: number;
  points: number[];
}

/** Nodes by their numbers; an edge that closes on itself without a joint has a node of its own. */
export interface SkeletonGraph {
  /** Middle of each node, px. */
  nodes: { x: number; y: number }[];
  edges: Edge[];
  /** Pixels that touch no other, px. */
  dots: { x: number; y: number }[];
}

/**
 * Reads the graph. Pixels touch by their sides, and by their corners where no side does it.
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
  for (const at of pixels) { // joints that touch are one
    if (near(at).length < 3 || nodeOf.has(at)) continue;
    const joint = [at];
    nodeOf.set(at, nodes.length);
    for (const pixel of joint) {
      for (const next of near(pixel)) {
        if (near(next).length < 3 || nodeOf.has(next)) continue;
        nodeOf.set(next, nodes.length);
        joint.push(next);
      }
    }
    const all = joint.map(middle);
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
      if (other === node) continue; // inside a joint
      if (other === undefined) {
        if (!seen.has(next)) walk(at, next);
      } else if (!walked.has(`${Math.min(at, next)} ${Math.max(at, next)}`)) {
        walked.add(`${Math.min(at, next)} ${Math.max(at, next)}`);
        walk(at, next);
      }
    }
  }
  for (const at of pixels) { // rings without a joint
    if (seen.has(at) || nodeOf.has(at) || near(at).length !== 2) continue;
    nodeOf.set(at, nodes.push(middle(at)) - 1);
    walk(at, near(at)[0]!);
  }
  const dots = pixels.filter((at) => near(at).length === 0).map(middle);
  return { nodes, edges, dots };
}
