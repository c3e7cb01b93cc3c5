/** Finds a direction from examples: two classes of the run, or two folders of pictures. */
import { listPictures } from "../../images/mod.ts";
import type { LoadedRun } from "../loaded_run.ts";
import { RunError } from "../run_error.ts";
import type { HostMatrix } from "./directions_of.ts";
import { stepOf } from "./find_directions.ts";
import { drawManyW, expectLatentSpace } from "./latent_space.ts";
import { embedPictures, loadEmbedding } from "./picture_features.ts";
import { separatingDirection } from "./separating_direction.ts";
import { drawStyled } from "./styled_images.ts";

/** Options of {@linkcode exampleDirection}. */
export interface ExampleOptions {
  /** "ema": moving average of the generator; "live": the weights in training. */
  weights?: "ema" | "live" | undefined;
  /** Number of generated images that are classified by the folders' pictures. Default 1,000. */
  count?: number;
  /** Called with the progress, 0 … 1. */
  onProgress?: (fraction: number) => void;
}

/** Samples of w per class. */
const A_CLASS = 2000;

/**
 * The direction from one group to another: the normal of a plane that separates their w, scaled to
 * the standard deviation of w along it. For classes, w are sampled. Pictures in folders have no w:
 * a linear classifier of the two folders, on features of EfficientNet-lite0, scores generated
 * images, and the w of those with the clearest scores are separated (after InterFaceGAN, Shen et
 * al. 2020, whose classifier was trained on labelled photographs).
 * @param examples two classes by name, or two folders
 * @returns the step, and the accuracy: fraction of the w on the correct side of the plane
 * @throws RunError where they are neither classes nor folders, or the same one twice
 */
export async function exampleDirection(
  run: LoadedRun,
  [from, to]: readonly [string, string],
  options: ExampleOptions = {},
): Promise<{ step: Float32Array; accuracy: number }> {
  const { labels } = run.dataset;
  expectLatentSpace(run, "find directions");
  await expectTwo(from, to);
  const areClasses = labels.includes(from) && labels.includes(to);
  const { rows, isMarked } = areClasses
    ? await wOfClasses(run, [from, to], options)
    : await wOfFolders(run, [from, to], options);
  const { vector, accuracy } = separatingDirection(rows, isMarked);
  return { step: stepOf(rows, vector), accuracy };
}

/** Refuses the same group twice: the direction would be pure chance. */
async function expectTwo(from: string, to: string): Promise<void> {
  const real = (path: string) => Deno.realPath(path).catch(() => path); // a class has no path
  if (await real(from) !== await real(to)) return;
  throw new RunError(
    `Cannot use --examples ${from},${to}: expected two different classes or folders, received ` +
      `one twice. Name another for one of them`,
  );
}

interface Marked {
  rows: HostMatrix;
  isMarked: boolean[];
}

async function wOfClasses(run: LoadedRun, classes: string[], { weights }: ExampleOptions) {
  // classes alternate
  const rows = await drawManyW(run, { count: 2 * A_CLASS, labels: classes, weights });
  return { rows, isMarked: Array.from({ length: rows.rows }, (_, i) => i % 2 === 1) };
}

async function wOfFolders(
  run: LoadedRun,
  folders: readonly string[],
  { weights, count = 1000, onProgress }: ExampleOptions,
): Promise<Marked> {
  const { layers } = expectLatentSpace(run, "find directions");
  const paths = await Promise.all(folders.map((folder) => picturesIn(folder, run)));
  const embedding = await loadEmbedding(run.notices);
  try {
    const real = await embedPictures(run, embedding, paths.flat());
    const classifier = separatingDirection(
      real,
      paths.flatMap((list, i) => list.map(() => i === 1)),
    );
    const w = await drawManyW(run, { count, weights }), { columns } = w;
    const rowOf = (i: number) => w.data.slice(i * columns, (i + 1) * columns);
    const scores = new Float64Array(count);
    const chunk = 50;
    for (let first = 0; first < count; first += chunk) {
      const batch = Array.from({ length: Math.min(chunk, count - first) }, (_, i) => first + i);
      const images = await drawStyled(
        run,
        batch.map((i) => ({
          styles: Array.from({ length: layers }, () => rowOf(i)),
          noise: i,
        })),
        { weights },
      );
      const features = await embedding.ofImages(images);
      batch.forEach((i, k) => {
        for (let j = 0; j < features.columns; j++) {
          // both have the same length
          scores[i]! += features.data[k * features.columns + j]! * classifier.vector[j]!;
        }
      });
      onProgress?.((first + batch.length) / count);
    }
    return clearest(w, scores);
  } finally {
    embedding.dispose();
  }
}

/** The quarter of the rows with the lowest scores, and the quarter with the highest, marked. */
function clearest({ data, rows, columns }: HostMatrix, scores: Float64Array): Marked {
  const order = Array.from(scores.keys()).sort((a, b) => scores[a]! - scores[b]!); // inside
  const quarter = Math.floor(rows / 4),
    kept = [...order.slice(0, quarter), ...order.slice(-quarter)];
  const out = new Float32Array(kept.length * columns);
  kept.forEach((row, i) => {
    for (let j = 0; j < columns; j++) out[i * columns + j] = data[row * columns + j]!;
  });
  return {
    rows: { data: out, rows: kept.length, columns },
    isMarked: kept.map((_, i) => i >= quarter),
  };
}

async function picturesIn(folder: string, run: LoadedRun): Promise<string[]> {
  const classes = run.dataset.labels.length > 0
    ? `classes of ${run.dataset.labels.join(", ")}, or `
    : "";
  const list = await listPictures([folder]).catch((cause) => {
    throw new RunError(
      `Cannot use --examples ${folder}: expected ${classes}folders of pictures. Give both as ` +
        `one or the other`,
      { cause },
    );
  });
  const paths = list.pictures.map(({ path }) => path);
  if (paths.length > 0) return paths;
  throw new RunError(`Cannot use --examples ${folder}: expected pictures in it, found none`);
}
