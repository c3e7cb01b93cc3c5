/** Projects a user's picture and keeps what was found, with pictures of it, in the run's folder. */
import { dirname } from "node:path";
import { type HostImages, renderGrid, writeAnimation, writeGrid } from "../../images/mod.ts";
import { weightsOf } from "../draw/draw_options.ts";
import { expectAnimation, expectGrid } from "../draw/expect_writable.ts";
import { expectWritablePart } from "../folder/expect_writable_part.ts";
import type { LoadedRun } from "../loaded_run.ts";
import { beside } from "./beside.ts";
import { expectName, nameOfFile } from "./kept_name.ts";
import { expectLatentSpace } from "./latent_space.ts";
import { type Nearness, psnrOfImages } from "./nearness.ts";
import { type DistanceFeatures, loadDistance } from "./picture_distance.ts";
import { decodeAsData, type ReadPicture } from "./picture_features.ts";
import { projectPicture } from "./project_picture.ts";
import { freeName, keepProjection, keptOf, projectionPath } from "./projection_file.ts";
import { drawStyled, stylesOf } from "./styled_images.ts";
import { tuneGenerator } from "./tune_generator.ts";
import type { WeightChange } from "./weight_change.ts";

/** In the PNG: the picture, and its images in w, in w+ and tuned. */
const MOST_IMAGES = 4;

/** In the animation, about: of the search alone, and with the tuning. */
const SEARCH_FRAMES = 60, TUNING_FRAMES = 90;

/** How to project; everything has a default. */
export interface ProjectFileOptions {
  /** What "@" names it by from then on. Default: the file's name. */
  name?: string | undefined;
  /** One w for all layers, or then a w a layer. Default "w+", and "w" where it is tuned. */
  space?: "w" | "w+" | undefined;
  /** Steps in w; half as many follow in w+. Default 300. */
  steps?: number | undefined;
  /** Steps of pivotal tuning. Default 0: the generator stays as it is. */
  tune?: number | undefined;
  /** Network whose features are compared; pixels count besides. Default "efficientnet". */
  features?: DistanceFeatures | undefined;
  /** Whether noise maps are optimised, too. Default true. */
  noise?: boolean | undefined;
  /** The averaged generator or the one that trains. Default "ema" where the run keeps an average. */
  weights?: "ema" | "live" | undefined;
  /** Enlarges pixels of the pictures. Default: so that a cell has 128 px a side. */
  scale?: number | undefined;
  /** Told what is done, and how far it is, 0 … 1. */
  onProgress?: ((what: string, fraction: number) => void) | undefined;
}

/** What became of the picture. */
export interface ProjectedFile {
  /** What "@" names it by: the wanted name, or one with a number where that was taken meanwhile. */
  name: string;
  /** The projection; a PNG of the picture, its images in w, in w+ and tuned; an animation. */
  files: string[];
  /** How near the mean w's image is. */
  start: Nearness;
  w: Nearness;
  /** Where a w a layer was wanted. */
  "w+"?: Nearness;
  /** Where the generator was tuned. */
  tuned?: Nearness & {
    /** Decibels between images of 16 seeds by the tuned weights and by those of before. */
    others: number;
  };
}

/**
 * Projects a picture, tunes the generator around it where that is wanted, and keeps all of it as
 * `projected/<name>` in the run's folder, in place of what was found of the same picture before.
 * @throws RunError where the model has no w, the file is no picture, or the name can't be or is
 * that of another picture
 */
export async function projectFile(
  run: LoadedRun,
  picture: ReadPicture,
  options: ProjectFileOptions = {},
): Promise<ProjectedFile> {
  const { tune = 0, features = "efficientnet", steps, noise, onProgress } = options;
  const { space = tune > 0 ? "w" : "w+" } = options;
  const { scale = Math.max(1, Math.floor(128 / run.resolution)) } = options;
  const wanted = options.name ?? nameOfFile(picture.path ?? "picture");
  expectName(wanted, "a projected picture");
  expectLatentSpace(run, "project pictures");
  const weights = weightsOf(run, options.weights);
  expectGrid(run, MOST_IMAGES, { columns: MOST_IMAGES, scale });
  const side = scale * run.resolution, frames = tune > 0 ? TUNING_FRAMES : SEARCH_FRAMES;
  expectAnimation(`${projectionPath(run, wanted)}.webp`, { what: "project", flag: "--scale" }, {
    ...{ width: 2 * side, height: side, frames },
  });
  await expectWritablePart(dirname(projectionPath(run, wanted)));
  const target = await decodeAsData(run, picture);
  if (await keptOf(run, wanted, picture)) {
    run.notices.log(`@${wanted} was found of this picture before: what is found now replaces it`);
  }
  const distance = await loadDistance(features, run.notices);
  try {
    const found = await projectPicture(run, target, {
      distance,
      steps,
      space,
      noise,
      weights,
      onProgress: (fraction) => onProgress?.("Searching", fraction),
    });
    const pivot = found.wPlus ?? found.w;
    const tuned = tune > 0
      ? await tuneGenerator(run, target, pivot, {
        distance,
        weights,
        steps: tune,
        onProgress: (fraction) => onProgress?.("Tuning", fraction),
      })
      : undefined;
    onProgress?.("Writing the pictures", 1);
    const name = await freeName(run, wanted, picture.bytes); // a search takes minutes
    if (name !== wanted.normalize()) {
      run.notices.log(
        `Another command kept another picture as @${wanted} meanwhile: this one is @${name}`,
      );
    }
    const path = projectionPath(run, name);
    const kept = await keepProjection(run, name, picture.bytes, {
      ...pivot,
      change: tuned?.change,
    });
    const images = [target, found.w.image];
    if (found.wPlus) images.push(found.wPlus.image);
    if (tuned) images.push(tuned.image);
    await writeGrid(`${path}.png`, beside(images), { columns: images.length, scale });
    const frames = [...found.frames, ...tuned?.frames ?? []];
    await writeSearch(`${path}.webp`, target, frames, scale);
    return {
      name,
      files: [kept, `${path}.png`, `${path}.webp`],
      start: near(found.start),
      w: near(found.w),
      ...(found.wPlus ? { "w+": near(found.wPlus) } : {}),
      ...(tuned
        ? { tuned: { ...near(tuned), others: await othersApart(run, tuned.change, weights) } }
        : {}),
    };
  } finally {
    distance.dispose();
  }
}

const near = ({ psnr, distance }: Nearness): Nearness => ({ psnr, distance });

/** The picture beside the images of the search, as an animation. */
async function writeSearch(
  path: string,
  target: HostImages,
  frames: readonly HostImages[],
  scale: number,
): Promise<void> {
  const last = frames.length - 1; // stays a while
  await writeAnimation(
    path,
    frames.map((frame) => renderGrid(beside([target, frame]), { columns: 2, scale })),
    { delay: frames.map((_, i) => i === last ? 2000 : 80) },
  );
}

/** How near images of seeds by changed weights are to those by the weights of before, decibels. */
async function othersApart(
  run: LoadedRun,
  change: WeightChange,
  weights: "ema" | "live",
): Promise<number> {
  const seeds = Array.from({ length: 16 }, (_, seed) => seed);
  const images = await stylesOf(run, seeds, { weights });
  const changes = [{ name: "", change, share: 1 }];
  const before = await drawStyled(run, images, { weights });
  const after = await drawStyled(run, images.map((one) => ({ ...one, changes })), { weights });
  return psnrOfImages(after, before);
}
