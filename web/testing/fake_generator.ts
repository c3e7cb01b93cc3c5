/**
 * A generator without a network, which draws faces by seed; for tests and screenshots of the
 * Explore page.
 */
import type {
  DeclaredExplore,
  ExplorerEngine,
  GenerateRequest,
  ModelInfo,
} from "../../core/explore/mod.ts";
import { fakeGrid } from "./fake_pictures.ts";

/**
 * An engine whose kind of model depends on the run's id: "sketch", "sr", or a style-based
 * generator.
 * @param milliseconds minimum time per picture
 */
export function fakeEngine(milliseconds = 0): ExplorerEngine & { requests: GenerateRequest[] } {
  const requests: GenerateRequest[] = [], pictures = new Set(["cat"]);
  const directions = new Set(["smile"]);
  return {
    requests,
    backend: "A test generator",
    open: (run, imagesSeen) =>
      Promise.resolve(modelOf(run, imagesSeen, [...directions], [...pictures])),
    async generate(model, request) {
      requests.push(request);
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      const { side, firstSeed } = gridOf(request);
      const png = await fakeGrid({
        columns: side,
        rows: side,
        resolution: 64,
        quality: 0.95,
        firstSeed,
      });
      const drawsLines = model.run.includes("sketch") && request.kind === "plugin";
      const svgs = Array.from({ length: side * side }, (_, i) => fakeSvg(firstSeed + i));
      return { png, columns: side, rows: side, ...(drawsLines && { svgs }) };
    },
    async project(_model, { name }, onProgress) {
      if (pictures.has(name)) throw new Error(`@${name} is taken. Give it another name`);
      for (const fraction of [0.5, 1]) {
        await new Promise((resolve) => setTimeout(resolve, milliseconds));
        onProgress("Searching", fraction);
      }
      pictures.add(name);
      return name;
    },
    keep(_model, { name }) {
      directions.add(name);
      return Promise.resolve(name);
    },
  };
}

/** A stroke whose slope depends on the seed. */
function fakeSvg(seed: number): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 256 256" fill="none" ` +
    `stroke="#000" stroke-width="8"><path d="M32,${32 + 8 * seed}L224,128"/></svg>`;
}

function gridOf(request: GenerateRequest): { side: number; firstSeed: number } {
  switch (request.kind) {
    case "seeds":
      return { side: Math.ceil(Math.sqrt(request.seeds.length)), firstSeed: request.seeds[0]! };
    case "plugin": {
      const { seeds } = request.values;
      return Array.isArray(seeds)
        ? { side: 3, firstSeed: Number(seeds[0]) }
        : { side: 1, firstSeed: 1 };
    }
    case "interpolate":
      return { side: 1, firstSeed: request.position < 0.5 ? request.from : request.to };
    case "fade":
      return { side: 2, firstSeed: request.seed };
    case "steer":
      return { side: 1, firstSeed: typeof request.source === "number" ? request.source : 1 };
    case "mix":
      return { side: 1, firstSeed: request.layers.some(Boolean) ? request.fine : request.coarse };
  }
}

function modelOf(
  run: string,
  imagesSeen: number,
  directions: readonly string[],
  pictures: readonly string[],
): ModelInfo {
  const declared = run.includes("sketch") ? SKETCH : run.includes("sr") ? ENLARGING : undefined;
  const kind = declared ? "plugin" : "style";
  const layers = [4, 8, 16, 32, 64].flatMap((resolution) =>
    ["a", "b"].map((half) => ({ name: `${resolution}² ${half}`, resolution }))
  );
  return {
    kind,
    imagesSeen,
    resolution: 64,
    truncation: kind === "style",
    alpha: kind === "style" ? 0.4 : 1,
    layers: kind === "style" ? layers : [],
    labels: kind === "style" ? ["cat", "dog"] : [],
    ...(declared
      ? { declared }
      : { steering: { directions: [...directions, "1", "2"], pictures } }),
  };
}

/** Controls as in the sketch plugin. */
const SKETCH: DeclaredExplore = {
  title: "Complete a sketch",
  pictures: "Nine ways to go on with the sketch",
  controls: {
    strokes: { kind: "strokes", label: "Sketch pad" },
    part: {
      kind: "choice",
      label: "Part to draw next",
      options: ["beak", "eye", "body", "wing"],
      none: "Let it choose",
    },
    seeds: { kind: "seed", label: "Seed", pictures: 9 },
  },
};

/** Controls as in progan-sr. */
const ENLARGING: DeclaredExplore = {
  title: "Enlarge an image",
  pictures: "Enlarged",
  controls: { picture: { kind: "image", label: "Drop an image", side: 16 } },
};
