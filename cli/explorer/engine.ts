/** Draws for the dashboard's Explore page: keeps a few checkpoints open on the training backend. */
import * as tf from "@tensorflow/tfjs";
import { encodePng, type HostImages, renderGrid } from "../../core/images/mod.ts";
import type { RunFolder } from "../../core/run/mod.ts";
import type { Backend } from "../../core/backend/mod.ts";
import type { ExplorerEngine, GenerateRequest, ModelInfo } from "../../core/explore/mod.ts";
import { askPlugin, exploreInfo } from "./ask_plugin.ts";
import { fadeParts } from "./fade_parts.ts";
import { drawImages, latentOf, stackRows } from "../../core/run/draw/draw_images.ts";
import { slerp } from "../../core/run/draw/walk_latents.ts";
import { UsageError } from "../errors.ts";
import type { Status } from "../terminal/status.ts";
import type { RunFlags } from "../flags/run_flags.ts";
import { expectGenerator, insteadOf, type OpenRun, openRun } from "../../core/run/open_run.ts";

/** Checkpoints that stay open; the one that was used longest ago is closed for a new one. */
const MOST_OPEN = 4;

/** What the engine needs. */
export interface EngineOptions {
  backend: Backend;
  flags: RunFlags;
  status: Status;
  findRun(id: string): Promise<RunFolder>;
}

/** An engine for {@linkcode serveExplorer}. */
export function createEngine({ backend, flags, status, findRun }: EngineOptions): ExplorerEngine {
  const opened = new Map<string, Promise<OpenRun>>();

  function open(run: string, imagesSeen: number): Promise<OpenRun> {
    const key = `${run}@${imagesSeen}`;
    const known = opened.get(key) ??
      findRun(run).then((folder) =>
        openRun({ folder, checkpoint: imagesSeen, machine: flags, notices: status, backend })
      );
    opened.delete(key); // to the end of the order of use
    opened.set(key, known);
    known.catch(() => opened.delete(key));
    if (opened.size > MOST_OPEN) {
      const [oldest, run] = opened.entries().next().value!; // not empty
      opened.delete(oldest);
      run.then((r) => r.dispose(), () => {});
    }
    return known;
  }

  return {
    backend: `${backend.info.library} on ${backend.info.devices[0]?.kind ?? "CPU"}`,
    open: async (run, imagesSeen) => infoOf(await open(run, imagesSeen)),
    async generate({ run, imagesSeen }, request) {
      const opened = await open(run, imagesSeen);
      const images = await draw(opened, request);
      const columns = Math.ceil(Math.sqrt(images.shape[0]!)); // [N, R, R, C]
      const png = await encodePng(renderGrid(images, { columns }));
      return { png, columns, rows: Math.ceil(images.shape[0]! / columns) };
    },
  };
}

function infoOf(run: OpenRun): ModelInfo {
  const { explore } = run.loaded.model.plugin;
  if (explore) return exploreInfo(explore, run);
  expectGenerator(run, "explore");
  const count = run.training.model.mix ? run.training.model.styleLayers?.() ?? 0 : 0;
  const start = run.runConfig.startResolution;
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
    parts: [],
  };
}

async function draw(run: OpenRun, request: GenerateRequest): Promise<HostImages> {
  const { explore } = run.loaded.model.plugin;
  if (explore) return askPlugin(explore, run, request);
  expectGenerator(run, "explore");
  const { model, alpha } = run, weights = "ema" as const;
  const latent = (seed: number) => latentOf(seed, model.latentSize);
  switch (request.kind) {
    case "seeds": {
      const { seeds, truncation } = request;
      return drawImages(
        run,
        { noise: seeds, weights },
        (from, to) =>
          model.generate(stackRows(seeds.slice(from, to).map(latent)), { alpha, truncation }),
      );
    }
    case "interpolate": {
      const { from, to, position, truncation } = request;
      const z = slerp(latent(from), latent(to), position);
      return drawImages(
        run,
        { noise: [from], weights },
        () => model.generate(stackRows([z]), { alpha, truncation }),
      );
    }
    case "fade": {
      const z = [latent(request.seed)], { truncation } = request;
      const at = (alpha: number) =>
        drawImages(
          run,
          { noise: [request.seed], weights },
          () => model.generate(stackRows(z), { alpha, truncation }),
        );
      return fadeParts(await at(0), await at(1), await at(request.alpha));
    }
    case "mix": {
      const { coarse, fine, layers, truncation } = request;
      const { mix } = run.training.model;
      if (!mix) {
        throw new UsageError(`Cannot mix styles: expected a plugin with styles, ${insteadOf(run)}`);
      }
      const [a, b] = [coarse, fine].map((seed) => stackRows([latent(seed)])) as [
        tf.Tensor2D,
        tf.Tensor2D,
      ];
      return drawImages(
        run,
        { noise: [coarse], weights },
        () => mix(a, b, { alpha, truncation, crossover: layers.length, layers }),
      )
        .finally(() => tf.dispose([a, b]));
    }
    default:
      throw new UsageError(`Cannot answer "${request.kind}": ${insteadOf(run)}`);
  }
}
