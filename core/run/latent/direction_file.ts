/** Directions that a user named, stored in the run's folder. */
import { join } from "node:path";
import { parseStrictJson } from "../../checkpoint/json.ts";
import { messageOf } from "../../text.ts";
import { writeWhole } from "../../write_whole.ts";
import { expectWritablePart } from "../folder/expect_writable_part.ts";
import type { LoadedRun } from "../loaded_run.ts";
import { RunError } from "../run_error.ts";
import { expectName, namesIn, unknownName } from "./kept_name.ts";

/** A stored direction. */
export interface KeptDirection {
  /** Where it comes from, e.g. "sefa3" or "examples red, blue". */
  origin: string;
  /** Layers that it applies to, as words or numbers. */
  layers: string;
  /** Vector [F] that is added to w at an amount of 1. */
  step: readonly number[];
  /** imagesSeen of the checkpoint in which it was found. */
  imagesSeen: number;
}

const ENDING = ".json";
const folderOf = (run: Pick<LoadedRun, "folder">) => join(run.folder, "directions");
const pathOf = (run: Pick<LoadedRun, "folder">, name: string) =>
  join(folderOf(run), name.normalize() + ENDING);

/**
 * Stores a direction as `directions/<name>.json` in the run's folder.
 * @throws RunError for an invalid name
 */
export async function keepDirection(
  run: Pick<LoadedRun, "folder">,
  name: string,
  direction: KeptDirection,
): Promise<string> {
  expectName(name, "a direction");
  const path = pathOf(run, name);
  await writeWhole(path, new TextEncoder().encode(JSON.stringify(direction) + "\n"));
  return path;
}

/**
 * Asserts that a direction can be stored under a name.
 * @throws RunError where the run has one of that name already, or the name is invalid; ConfigError
 * where it can't be written
 */
export async function expectNewDirection(
  run: Pick<LoadedRun, "folder" | "id">,
  name: string,
): Promise<void> {
  expectName(name, "a direction");
  await expectWritablePart(folderOf(run));
  if (!(await keptDirections(run)).includes(name.normalize())) return;
  throw new RunError(
    `Cannot keep the direction as ${name}: ${run.id} has one of that name. Give it another name, ` +
      `or delete directions/${name}${ENDING} in the run's folder`,
  );
}

/** Names of the stored directions. */
export const keptDirections = (run: Pick<LoadedRun, "folder">): Promise<string[]> =>
  namesIn(folderOf(run), ENDING);

/**
 * Reads a stored direction.
 * @param size length F of the run's w
 * @throws RunError where there is none of that name, or the file is not a direction of F numbers
 */
export async function readDirection(
  run: Pick<LoadedRun, "folder">,
  wanted: string,
  size: number,
): Promise<KeptDirection> {
  const name = wanted.normalize();
  const names = await keptDirections(run);
  if (!names.includes(name)) {
    throw unknownName(
      name,
      names,
      "a number such as 3 or pca3, or a name that deno task directions --save gave",
    );
  }
  const path = pathOf(run, name);
  try {
    // checked below
    const kept = parseStrictJson(await Deno.readFile(path)) as Partial<KeptDirection>;
    const { origin, layers, step, imagesSeen } = kept;
    if (
      typeof origin === "string" && typeof layers === "string" && typeof imagesSeen === "number" &&
      Array.isArray(step) && step.length === size && step.every(Number.isFinite)
    ) return { origin, layers, step, imagesSeen };
    throw new RangeError(`expected origin, layers and a step of ${size} numbers`);
  } catch (cause) {
    throw new RunError(`Cannot read ${path}: ${messageOf(cause)}. Delete it`, { cause });
  }
}
