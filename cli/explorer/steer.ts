/** Answers Explore requests that move an image along directions in w. */
import type { GenerateRequest, KeepRequest, ModelInfo } from "../../core/explore/mod.ts";
import type { HostImages } from "../../core/images/mod.ts";
import {
  expectNewDirection,
  keepDirection,
  keptDirections,
} from "../../core/run/latent/direction_file.ts";
import {
  findDirections,
  type FindOptions,
  type NamedEdit,
  resolveEdits,
  type RunDirection,
} from "../../core/run/latent/find_directions.ts";
import { keptProjections, readProjection } from "../../core/run/latent/projection_file.ts";
import { edited, type StyleEdit } from "../../core/run/latent/styled_image.ts";
import { drawStyled, type Source, stylesOf } from "../../core/run/latent/styled_images.ts";
import type { OpenRun } from "../../core/run/open_run.ts";
import { RunError } from "../../core/run/run_error.ts";

/** Numbered directions for which the page has sliders. */
const NUMBERED = 10;

/**
 * Directions found so far, by run and layers. Finding them takes seconds, and a slider sends many
 * requests per second.
 */
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
      // It belongs to another checkpoint, or is damaged; the sample command reports that.
      if (!(error instanceof RunError)) throw error;
    }
  }
  return { directions: [...await keptDirections(run), ...numbers], pictures };
}

/** Draws an image moved along directions. */
export async function steer(
  run: OpenRun,
  request: GenerateRequest & { kind: "steer" },
  labels: string[] | undefined,
): Promise<HostImages> {
  const { source, truncation, cutoff: truncationCutoff } = request;
  const edits = await editsOf(run, request);
  // parseRequest() has checked the source
  const options = { truncation, truncationCutoff, labels };
  const images = await stylesOf(run, [source as Source], options);
  return await drawStyled(run, images.map((image) => edited(image, edits)));
}

/**
 * Saves the combination that the sliders show as one direction.
 * @throws RunError where the run already has a direction of that name, or the combined ones move
 * different layers
 */
export async function keepMoved(
  run: OpenRun,
  { name, amounts, layers }: KeepRequest,
): Promise<void> {
  const names = Object.keys(amounts).filter((name) => amounts[name] !== 0);
  await expectNewDirection(run, name);
  const edits = await editsOf(run, { amounts, layers });
  const [moved, ...others] = new Set(edits.map(({ layers }) => layers.join(",")));
  if (moved === undefined || others.length > 0) {
    throw new RunError(
      `Cannot keep ${names.join(" and ")} as one direction: expected directions of the same ` +
        `layers, received layers ${[moved, ...others].join(" and ")}. Move one of them alone`,
    );
  }
  const step = edits[0]!.step.map((_, i) =>
    edits.reduce((sum, { step, amount }) => sum + step[i]! * amount, 0)
  );
  const origin = names.map((name) => `${amounts[name]} of ${name}`).join(", ");
  const { imagesSeen } = run;
  await keepDirection(run, name, { origin, layers: moved, step: [...step], imagesSeen });
}

function editsOf(
  run: OpenRun,
  { amounts, layers }: Pick<KeepRequest, "amounts" | "layers">,
): Promise<StyleEdit[]> {
  const edits = Object.entries(amounts).map(([name, amount]): NamedEdit =>
    /^\d+$/.test(name) ? { method: "sefa", number: Number(name), amount, layers } : { name, amount }
  );
  return resolveEdits(run, edits, { find: (options) => findOnce(run, options) });
}

function findOnce(run: OpenRun, options: FindOptions): Promise<RunDirection[]> {
  const mine = found.get(run) ?? new Map<string, Promise<RunDirection[]>>();
  found.set(run, mine);
  const key = options.layers ?? "all", finding = mine.get(key) ?? findDirections(run, options);
  mine.set(key, finding);
  finding.catch(() => mine.delete(key));
  return finding;
}
