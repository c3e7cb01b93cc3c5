/**
 * Draws for the dashboard's Explore page, keeping a few checkpoints open on the training backend.
 */
import type { Backend } from "../../core/backend/mod.ts";
import { Buffer } from "node:buffer";
import type { ExplorerEngine, GenerateRequest, ModelInfo } from "../../core/explore/mod.ts";
import { encodePng, renderGrid } from "../../core/images/mod.ts";
import { latentOf } from "../../core/latents/seeded.ts";
import type { DistanceFeatures } from "../../core/run/latent/picture_distance.ts";
import { keptProjections } from "../../core/run/latent/projection_file.ts";
import { TUNE_STEPS } from "../../core/run/latent/tune_generator.ts";
import { expectGenerator, insteadOf } from "../../core/run/draw/expect_generator.ts";
import { mixStyles } from "../../core/run/draw/mix_styles.ts";
import { slerp } from "../../core/latents/walk_latents.ts";
import type { ExploreDrawing } from "../../core/plugin/explore.ts";
import { stampAt } from "../../core/run/load_checkpoint.ts";
import type { Notices } from "../../core/run/notices.ts";
import { type OpenRun, openRun } from "../../core/run/open_run.ts";
import { chooseRun } from "../../core/run/places.ts";
import { UsageError } from "../errors.ts";
import { askPlugin, exploreInfo } from "./ask_plugin.ts";
import { fadeParts } from "./fade_parts.ts";
import { keepOpen } from "./keep_open.ts";
import { keepMoved, steer, steeringOf } from "./steer.ts";

/** Checkpoints that are kept open. */
const MOST_OPEN = 4;

export interface EngineOptions {
  backend: Backend;
  runs: string;
  notices: Notices;
  /** Network that judges similarity when a picture is projected. Default "efficientnet". */
  features?: DistanceFeatures;
}

/** Creates an engine for {@linkcode serveExplorer}. */
export function createEngine(
  { backend, runs, notices, features }: EngineOptions,
): ExplorerEngine {
  const keep = keepOpen<OpenRun>(MOST_OPEN);

  /** Uses a checkpoint, opening it first unless it is open already. */
  async function withOpen<T>(
    { run, imagesSeen }: { run: string; imagesSeen: number },
    use: (run: OpenRun) => Promise<T>,
  ): Promise<T> {
    // The stamp detects a new run under the name of a deleted one. If the checkpoint does not
    // exist, openRun() reports that.
    const stamp = await stampAt(await chooseRun({ runs }, run), imagesSeen).catch(() => "none");
    // Nobody can be asked here, so only plugins that were trusted in a terminal are loaded.
    const open = () =>
      openRun({ run, runs, checkpoint: imagesSeen, notices, backend, trust: false });
    return await keep(`${run}@${imagesSeen} ${stamp}`, open, use);
  }

  return {
    backend: `${backend.info.library} on ${backend.info.devices[0]?.kind ?? "CPU"}`,
    open: (run, imagesSeen) => withOpen({ run, imagesSeen }, infoOf),
    async generate(model, request) {
      const images = await withOpen(model, (run) => draw(run, request));
      const columns = Math.ceil(Math.sqrt(images.shape[0]!)); // [N, R, R, C]
      const png = await encodePng(renderGrid(images, { columns }));
      const { svgs } = images;
      return { png, columns, rows: Math.ceil(images.shape[0]! / columns), ...(svgs && { svgs }) };
    },
    async project({ run, imagesSeen: checkpoint }, { name, picture, tune }, onProgress) {
      // Opens its own networks, because others draw while weights are searched and tuned.
      using mine = await openRun({ run, runs, checkpoint, notices, backend, trust: false });
      if ((await keptProjections(mine)).includes(name.normalize())) {
        throw new UsageError(
          `Cannot keep the picture as @${name}: ${run} has one of that name. Give it another name`,
        );
      }
      const bytes = new Uint8Array(Buffer.from(picture, "base64"));
      await mine.project(bytes, {
        name,
        features,
        tune: tune ? TUNE_STEPS : 0,
        onProgress,
      });
      return name;
    },
    async keep(model, request) {
      await withOpen(model, (run) => keepMoved(run, request));
      return request.name;
    },
  };
}

async function infoOf(run: OpenRun): Promise<ModelInfo> {
  const { explore } = run.loaded.model.plugin;
  if (explore) return exploreInfo(explore, run);
  expectGenerator(run, "explore samples");
  const count = run.model.mix ? run.model.styleLayers?.() ?? 0 : 0;
  const start = run.resolution / 2 ** (Math.ceil(count / 2) - 1); // two layers for each resolution
  return {
    kind: count > 1 ? "style" : "generator",
    resolution: run.resolution,
    layers: Array.from({ length: count }, (_, i) => {
      const resolution = start * 2 ** Math.floor(i / 2);
      return { name: `${resolution} px ${i % 2 ? "second" : "first"}`, resolution };
    }),
    truncation: count > 1,
    alpha: run.alpha,
    imagesSeen: run.imagesSeen,
    labels: run.dataset.labels,
    steering: await steeringOf(run),
  };
}

async function draw(run: OpenRun, request: GenerateRequest): Promise<ExploreDrawing> {
  const { explore } = run.loaded.model.plugin;
  if (explore) return askPlugin(explore, run, request);
  const { latentSize } = expectGenerator(run, "explore samples");
  const labels = "label" in request && request.label !== undefined ? [request.label] : undefined;
  const truncationCutoff = "cutoff" in request ? request.cutoff : undefined;
  switch (request.kind) {
    case "seeds":
      return await run.draw(request.seeds, {
        truncation: request.truncation,
        truncationCutoff,
        labels,
      });
    case "interpolate": {
      const { from, to, position, truncation } = request;
      const latent = slerp(latentOf(from, latentSize), latentOf(to, latentSize), position);
      return await run.generate([{ latent, seed: from }], { truncation, truncationCutoff, labels });
    }
    case "fade": {
      const { seed, truncation } = request;
      const at = (alpha: number) =>
        run.draw([seed], { truncation, truncationCutoff, labels, alpha });
      return fadeParts(await at(0), await at(1), await at(request.alpha));
    }
    case "mix": {
      const { coarse, fine, layers, truncation } = request;
      return await mixStyles(run, [{ coarse, fine }], {
        truncation,
        truncationCutoff,
        labels,
        layers,
      });
    }
    case "steer":
      return await steer(run, request, labels);
    default:
      throw new UsageError(`Cannot answer "${request.kind}": ${insteadOf(run)}`);
  }
}
