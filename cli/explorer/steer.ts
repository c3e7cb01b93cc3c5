/** Requests of the Explore page that move an image along directions in w. */
import type { GenerateRequest, ModelInfo } from "../../core/explore/mod.ts";
import type { HostImages } from "../../core/images/mod.ts";
import { keptDirections } from "../../core/run/latent/direction_file.ts";
import {
  findDirections,
  type FindOptions,
  type NamedEdit,
  resolveEdits,
  type RunDirection,
} from "../../core/run/latent/find_directions.ts";
import { keptProjections, readProjection } from "../../core/run/latent/projection_file.ts";
import { edited } from "../../core/run/latent/styled_image.ts";
import { drawStyled, type Source, stylesOf } from "../../core/run/latent/styled_images.ts";
import type { OpenRun } from "../../core/run/open_run.ts";
import { RunError } from "../../core/run/run_error.ts";

/** Numbered directions that the page has sliders for. */
const NUMBERED = 10;

/** Directions that were found: they take seconds, and a slider asks many times a second. */
const found = new WeakMap<OpenRun, Map<string, Promise<RunDirection[]>>>();

/** What can be steered; undefined for a model without w. */
export async function steeringOf(run: OpenRun): Promise<ModelInfo["steering"]> {
  const { latentSpace } = run.model;
  if (!latentSpace) return undefined;
  const count = Math.min(NUMBERED, latentSpace.size);
  const numbers = Array.from({ length: count }, (_, i) => String(i + 1));
  const pictures: string[] = [];
  for (const name of await keptProjections(run)) {
    try {
      await readProjection(run, name);
      pictures.push(name);
    } catch (error) {
      // else of another checkpoint, or damaged: sample tells
      if (!(error instanceof RunError)) throw error;
    }
  }
  return { directions: [...await keptDirections(run), ...numbers], pictures };
}

/** An image moved along directions. */
export async function steer(
  run: OpenRun,
  request: GenerateRequest & { kind: "steer" },
  labels: string[] | undefined,
): Promise<HostImages> {
  const { source, amounts, layers, truncation, cutoff: truncationCutoff } = request;
  const wishes = Object.entries(amounts).map(([name, amount]): NamedEdit =>
    /^\d+$/.test(name) ? { method: "sefa", number: Number(name), amount, layers } : { name, amount }
  );
  const edits = await resolveEdits(run, wishes, { find: (options) => findOnce(run, options) });
  // parseRequest() looked
  const options = { truncation, truncationCutoff, labels };
  const images = await stylesOf(run, [source as Source], options);
  return await drawStyled(run, images.map((image) => edited(image, edits)));
}

function findOnce(run: OpenRun, options: FindOptions): Promise<RunDirection[]> {
  const mine = found.get(run) ?? new Map<string, Promise<RunDirection[]>>();
  found.set(run, mine);
  const key = options.layers ?? "all", finding = mine.get(key) ?? findDirections(run, options);
  mine.set(key, finding);
  finding.catch(() => mine.delete(key));
  return finding;
}
