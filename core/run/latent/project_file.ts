/** Projects a user's picture and stores the result, with pictures of it, in the run's folder. */
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

/** Maximum number of images in the PNG: the picture, and its images in w, in w+ and tuned. */
const MOST_IMAGES = 4;

/** Approximate number of frames of the animation: without and with tuning. */
const SEARCH_FRAMES = 60, TUNING_FRAMES = 90;

/** How to project; all options have defaults. */
export interface ProjectFileOptions {
  /** Name by which "@NAME" refers to it. Default: the file's name. */
  name?: string | undefined;
  /**
   * "w": one w for all layers; "w+": afterwards one w per layer. Default "w+", or "w" with tuning.
   */
  space?: "w" | "w+" | undefined;
  /** Steps in w; half as many follow in w+. Default 300. */
  steps?: number | undefined;
  /** Steps of pivotal tuning. Default 0: the generator stays as it is. */
  tune?: number | undefined;
  /** Network whose features are compared, in addition to pixels. Default "efficientnet". */
  features?: DistanceFeatures | undefined;
  /** Whether noise maps are optimized as well. Default true. */
  noise?: boolean | undefined;
  /**
   * "ema": moving average of the generator; "live": the weights in training. Default "ema" where
   * the run keeps an average.
   */
  weights?: "ema" | "live" | undefined;
  /** Factor by which pixels of the pictures are enlarged. Default: cells of 128 px. */
  scale?: number | undefined;
  /** Called with the current activity and its progress, 0 … 1. */
  onProgress?: ((what: string, fraction: number) => void) | undefined;
}

/** Result of projecting a picture. */
export interface ProjectedFile {
  /** Its name: the requested one, or one with a number where that was taken in the meantime. */
  name: string;
  /**
   * The files written: the projection; a PNG of the picture and its images in w, in w+ and tuned;
   * an animation.
   */
  files: string[];
  /** Closeness of the mean w's image. */
  start: Nearness;
  w: Nearness;
  /** Present with space "w+". */
  "w+"?: Nearness;
  /** Present with tuning. */
  tuned?: Nearness & {
    /** PSNR between images of 16 seeds with tuned and with original weights, dB. */
    others: number;
  };
}

/**
 * Projects a picture, optionally tunes the generator around it, and stores the result as
 * `projected/<name>` in the run's folder, replacing an earlier result for the same picture.
 * @throws RunError where the model has no w, the file is not a picture, or the name is invalid or
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
    // the search took minutes: the name may be taken by now
    const name = await freeName(run, wanted, picture.bytes);
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

/** Writes the picture next to the images of the search as an animation. */
async function writeSearch(
  path: string,
  target: HostImages,
  frames: readonly HostImages[],
  scale: number,
): Promise<void> {
  const last = frames.length - 1; // shown longer
  await writeAnimation(
    path,
    frames.map((frame) => renderGrid(beside([target, frame]), { columns: 2, scale })),
    { delay: frames.map((_, i) => i === last ? 2000 : 80) },
  );
}

/** PSNR between images of seeds with changed and with original weights, dB. */
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
