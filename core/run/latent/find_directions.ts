/**
 * Directions of a run by method and number, and the edits that flags such as "3:+2.5@coarse" name.
 */
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
  /** What is added to w at an amount of 1, [F]: a standard deviation of w along the direction. */
  step: Float32Array;
}

/** Where to look for directions. */
export interface FindOptions {
  /** By styles' maps or by components of w. Default "sefa". */
  method?: DirectionMethod | undefined;
  /** Layers by words or numbers, whose maps are factorised. Default "all". */
  layers?: string | undefined;
  /** The averaged generator or the one that trains. */
  weights?: "ema" | "live" | undefined;
}

/** w that statistics are taken from: Karras et al. 2020's number. */
export const W_COUNT = 10_000;

/**
 * Directions of a run, the strongest first.
 * @throws RunError where the model has no w, or no such layers
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

/** A wish such as "3:+2.5", "pca2:-1@fine" or "smile:2@0-3". */
export interface NamedEdit {
  method?: DirectionMethod;
  /** From 1. */
  number?: number;
  name?: string;
  /** In its steps. */
  amount: number;
  /** Layers by words or numbers; without them, those of a kept direction, or all. */
  layers?: string;
}

const EDIT = new RegExp(
  String.raw`^(?:(sefa|pca)?(\d{1,4})|(${KEPT_NAME})):([^@]+)(?:@([\w,-]+))?$`,
  "iu",
);

/** @throws SyntaxError for a text of another form */
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
    // The pattern says that it is a method.
    ...(name
      ? { name }
      : { method: method.toLowerCase() as DirectionMethod, number: Number(number) }),
    amount,
    ...(layers ? { layers } : {}),
  };
}

/** What an origin such as "pca3" says. */
export function originOf({ method, number }: { method: DirectionMethod; number: number }): string {
  return `${method}${number}`;
}

/**
 * Looks up the directions that edits name.
 * @throws RunError where a number or name is none of the run's
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
  // by method and layers: several edits may share one
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
    // without a name, there is a number
    const found = await finding, direction = found[number! - 1];
    if (!direction) {
      throw new RunError(`Cannot use direction ${number}: expected 1 … ${found.length}`);
    }
    resolved.push({ step: direction.step, amount, layers: layersNamed(layers ?? "all", count) });
  }
  return resolved;
}
