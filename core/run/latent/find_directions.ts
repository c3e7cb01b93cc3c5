/** A run's directions by method and number, and edits such as "3:+2.5@coarse". */
import { readNumber } from "../../config/read_number.ts";
import { KEPT_NAME } from "../../kept_name_pattern.ts";
import type { LoadedRun } from "../loaded_run.ts";
import { RunError } from "../run_error.ts";
import { readDirection } from "./direction_file.ts";
import {
  factoriseStyles,
  type FoundDirection,
  type HostMatrix,
  principalComponents,
  spreadAlong,
} from "./directions_of.ts";
import { drawManyW, expectLatentSpace, styleMaps } from "./latent_space.ts";
import { layersNamed } from "./style_layers.ts";
import type { StyleEdit } from "./styled_image.ts";

/** Ways to find directions without labels. */
export const DIRECTION_METHODS = ["sefa", "pca"] as const;
/** One of them. */
export type DirectionMethod = typeof DIRECTION_METHODS[number];

/** A direction of a run. */
export interface RunDirection extends FoundDirection {
  /**
   * Vector [F] that is added to w at an amount of 1: one standard deviation of w along the
   * direction.
   */
  step: Float32Array;
}

/** Options of {@linkcode findDirections}. */
export interface FindOptions {
  /** "sefa" factorizes the style weights, "pca" finds principal components of w. Default "sefa". */
  method?: DirectionMethod | undefined;
  /** Layers whose style weights are factorized, as words or numbers. Default "all". */
  layers?: string | undefined;
  /** "ema": moving average of the generator; "live": the weights in training. */
  weights?: "ema" | "live" | undefined;
}

/** Samples of w for statistics, as in Karras et al. 2020. */
export const W_COUNT = 10_000;

/**
 * Finds directions of a run, the strongest first.
 * @throws RunError where the model has no latent space w, or no such layers
 */
export async function findDirections(
  run: LoadedRun,
  options: FindOptions = {},
): Promise<RunDirection[]> {
  const { method = "sefa", layers = "all", weights } = options;
  const { layers: count } = expectLatentSpace(run, "find directions");
  const chosen = layersNamed(layers, count);
  const w = await drawManyW(run, { count: W_COUNT, weights });
  const found = method === "pca"
    ? principalComponents(w)
    : factoriseStyles(await styleMaps(run, chosen, weights));
  return found.map((direction) => ({ ...direction, step: stepOf(w, direction.vector) }));
}

/** A unit vector times the standard deviation of w along it. */
export function stepOf(w: HostMatrix, vector: Float32Array): Float32Array {
  const spread = spreadAlong(w, vector);
  return vector.map((x) => x * spread);
}

/** An edit such as "3:+2.5", "pca2:-1@fine" or "smile:2@0-3". */
export interface NamedEdit {
  method?: DirectionMethod;
  /** From 1. */
  number?: number;
  name?: string;
  /** Multiple of the direction's step. */
  amount: number;
  /** Layers as words or numbers. Default: those of a stored direction, else all. */
  layers?: string;
}

const EDIT = new RegExp(
  String.raw`^(?:(sefa|pca)?(\d{1,4})|(${KEPT_NAME})):([^@]+)(?:@([\w,-]+))?$`,
  "iu",
);

/**
 * Parses an edit.
 * @throws SyntaxError where the text is not an edit
 */
export function parseEdit(text: string): NamedEdit {
  const match = EDIT.exec(text.trim());
  const [, method = "sefa", number, name, steps = "", layers] = match ?? [];
  const amount = readNumber(steps.replace(/^\+(?=[\d.])/, ""));
  if (!match || Number.isNaN(amount) || number === "0") {
    throw new SyntaxError(
      `Cannot read direction "${text}": expected a number from 1 or a name, a colon and an ` +
        `amount, such as 3:+2.5, ` +
        `pca2:-1@fine or smile:2@0-3`,
    );
  }
  return {
    // the pattern allows only methods
    ...(name
      ? { name }
      : { method: method.toLowerCase() as DirectionMethod, number: Number(number) }),
    amount,
    ...(layers ? { layers } : {}),
  };
}

/** The origin of a direction, such as "pca3". */
export function originOf({ method, number }: { method: DirectionMethod; number: number }): string {
  return `${method}${number}`;
}

/**
 * Resolves edits to the directions that they name.
 * @throws RunError where the run has no direction of that number or name
 */
export async function resolveEdits(
  run: LoadedRun,
  edits: readonly NamedEdit[],
  options: {
    weights?: "ema" | "live" | undefined;
    /** Default: {@linkcode findDirections}. */
    find?: (options: FindOptions) => Promise<RunDirection[]>;
  } = {},
): Promise<StyleEdit[]> {
  const { space, layers: count } = expectLatentSpace(run, "steer pictures");
  const { weights, find = (options) => findDirections(run, options) } = options;
  // by method and layers, since several edits may share them
  const known = new Map<string, Promise<RunDirection[]>>();
  const resolved: StyleEdit[] = [];
  for (const { method, number, name, amount, layers } of edits) {
    if (name !== undefined) {
      const kept = await readDirection(run, name, space.size);
      const step = Float32Array.from(kept.step);
      resolved.push({ step, amount, layers: layersNamed(layers ?? kept.layers, count) });
      continue;
    }
    const key = `${method} ${method === "sefa" ? layers : ""}`;
    const finding = known.get(key) ?? find({ method, layers, weights });
    known.set(key, finding);
    // an edit without a name has a number
    const found = await finding, direction = found[number! - 1];
    if (!direction) {
      throw new RunError(`Cannot use direction ${number}: expected 1 … ${found.length}`);
    }
    resolved.push({ step: direction.step, amount, layers: layersNamed(layers ?? "all", count) });
  }
  return resolved;
}
