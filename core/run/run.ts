/** A run in memory, to draw from its networks and measure them. */
import type { Backend } from "../backend/types.ts";
import type { DatasetInfo } from "../data.ts";
import { expectWritableFile } from "../expect_writable.ts";
import { type HostImages, writeGrid } from "../images/mod.ts";
import type { Model, RunPlugins } from "../plugin/mod.ts";
import type { TrainingState } from "../trainer/mod.ts";
import { drawLatents, drawSeeds, type SeededLatent } from "./draw/draw_latents.ts";
import type { DrawOptions } from "./draw/draw_options.ts";
import { cellScale } from "./draw/cell_scale.ts";
import { expectGrid } from "./draw/expect_writable.ts";
import { mixGrid, mixStyles, type MixStylesOptions, withCorner } from "./draw/mix_styles.ts";
import { type WalkOptions, writeWalk } from "./draw/walk.ts";
import { writeMixedSources } from "./latent/mix_sources.ts";
import { readPicture } from "./latent/picture_features.ts";
import { type ProjectedFile, projectFile, type ProjectFileOptions } from "./latent/project_file.ts";
import { areSeeds, drawStyled, type Source, stylesOf } from "./latent/styled_images.ts";
import { writeSourceWalk } from "./latent/walk_sources.ts";
import type { ExportOptions } from "./export/export_options.ts";
import { type ExportedFile, exportRun } from "./export/export_run.ts";
import { readStats } from "./folder/stats_file.ts";
import { measureRun, type MeasureRunOptions, type RunMeasures } from "./measure/measure_run.ts";
import type { LoadedRun } from "./loaded_run.ts";
import type { KeptNotices } from "./notices.ts";
import type { RunSpec } from "./spec/run_spec.ts";
import type { SeriesPoint } from "./store/types.ts";

/** Options of {@linkcode Run.grid}. */
export interface GridOptions extends DrawOptions {
  /** One image each. Default 0 … 63. */
  seeds?: readonly Source[];
  /** Images in a row. Default: nearly square. */
  columns?: number;
  /** Factor by which pixels are enlarged. Default: images of 64 px a side. */
  scale?: number | undefined;
}

/**
 * A run to draw from and to measure. Wherever it takes seeds, "@NAME" refers to a picture that was
 * projected into it.
 */
export interface Run<M extends Model = Model> extends LoadedRun<M>, Disposable {
  /**
   * Draws images of seeds, [N, R, R, C] in [-1, 1]; with one checkpoint, a seed always gives the
   * same image.
   * @throws RunError where the model doesn't draw from latents alone
   */
  draw(seeds: readonly Source[], options?: DrawOptions): Promise<HostImages>;
  /** Draws images of given latents, like {@linkcode Run.draw}. */
  generate(latents: readonly SeededLatent[], options?: DrawOptions): Promise<HostImages>;
  /** Draws seeds and writes them as a grid in one PNG. */
  grid(path: string, options?: GridOptions): Promise<void>;
  /**
   * Writes a PNG of style mixing: coarse styles of the row seeds, fine styles of the column seeds.
   * @throws RunError where the model has no styles
   */
  mix(
    path: string,
    seeds: { rows: readonly Source[]; columns: readonly Source[] },
    options?: MixStylesOptions & { scale?: number | undefined },
  ): Promise<void>;
  /**
   * Writes an animation, .webp or .gif, that interpolates from seed to seed.
   * @returns its number of frames
   */
  walk(path: string, seeds: readonly Source[], options?: WalkOptions): Promise<number>;
  /**
   * Projects a picture: finds the styles that draw it, and stores them in the run's folder. "@NAME"
   * can then be used like a seed.
   * @param picture path or content of a picture file
   * @throws RunError where the model has no latent space w, or the file is not a picture
   */
  project(picture: string | Uint8Array, options?: ProjectFileOptions): Promise<ProjectedFile>;
  /**
   * Exports its generator for other programs, with a model card.
   * @returns the files
   * @throws RunError where its plugin supports no export
   */
  export(options: ExportOptions): Promise<ExportedFile[]>;
  /** Measures how close its images are to its data, and how diverse. */
  metrics(options?: MeasureRunOptions): Promise<RunMeasures>;
  /** The points of its curves so far: losses, learning rates, plugins' charts. */
  stats(): Promise<SeriesPoint[]>;
}

/** The parts of a {@linkcode Run}. */
export interface RunSources {
  id: string;
  /** Absolute path of the run folder. */
  folder: string;
  spec: RunSpec;
  loaded: RunPlugins;
  training: TrainingState;
  dataset: DatasetInfo;
  backend: Backend;
  notices: KeptNotices;
  /** Disposes all of it. */
  dispose(): void;
}

/** Creates a run over the networks of a training. */
export function createRun(sources: RunSources): Run {
  const { training, spec, folder, loaded, dispose } = sources, { average } = training;
  const run: Run = {
    ...sources,
    plugin: loaded.model.plugin.name,
    context: training.plugins.model.context,
    model: training.model,
    runConfig: spec.run,
    get imagesSeen() {
      return training.counters.imagesSeen;
    },
    get resolution() {
      return training.networksAt().phase.resolution;
    },
    get alpha() {
      return training.networksAt().alpha;
    },
    withAverage: (fn) => average ? average.withAverage(fn) : fn(),
    draw: async (seeds, options) =>
      areSeeds(seeds)
        ? await drawSeeds(run, seeds, options)
        : await drawStyled(run, await stylesOf(run, seeds, options), options),
    generate: (latents, options) => drawLatents(run, latents, options),
    async grid(path, { seeds = FIRST_SEEDS, columns, scale = cellScale(run), ...options } = {}) {
      expectGrid(run, seeds.length, { columns, scale });
      await expectWritableFile(path);
      const images = await run.draw(seeds, options);
      await writeGrid(path, images, { scale, ...(columns ? { columns } : {}) });
    },
    async mix(path, { rows, columns }, { scale = cellScale(run), ...options } = {}) {
      const count = (rows.length + 1) * (columns.length + 1);
      expectGrid(run, count, { columns: columns.length + 1, scale });
      await expectWritableFile(path);
      if (!areSeeds(rows) || !areSeeds(columns)) {
        return await writeMixedSources(run, path, { rows, columns }, { ...options, scale });
      }
      const images = await mixStyles(run, mixGrid(rows, columns), options);
      await writeGrid(path, withCorner(images), { columns: columns.length + 1, scale });
    },
    walk: (path, seeds, options) =>
      areSeeds(seeds)
        ? writeWalk(run, path, seeds, options)
        : writeSourceWalk(run, path, seeds, options),
    project: async (picture, options) => projectFile(run, await readPicture(picture), options),
    export: (options) => exportRun(run, options),
    metrics: (options) => measureRun(run, options),
    stats: () => readStats(folder),
    [Symbol.dispose]: dispose,
  };
  return run;
}

const FIRST_SEEDS = Array.from({ length: 64 }, (_, seed) => seed);
