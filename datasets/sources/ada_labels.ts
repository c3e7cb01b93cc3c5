/**
 * Reads StyleGAN2-ADA's dataset.json: `{"labels": [["00000/img00000000.png", 6], …]}`, in which
 * class names may replace numbers, and null the list.
 */

import { printableLine } from "../../core/text.ts";

/** Labels by file path, as the file gives them. */
export interface AdaLabels {
  /** The folder of dataset.json inside the source, "" or ending in "/". */
  folder: string;
  /** Absent if the set has none, in which case its folders are not classes either. */
  labels?: ReadonlyMap<string, number | string>;
  /** The first entry without a class, such as EG3D's camera poses; then there are no labels. */
  noClass?: string;
}

/** Size limit of a dataset.json in bytes. */
export const MAX_DATASET_JSON = 256 * 2 ** 20;

/** Whether a path may be a dataset.json, by its name. */
export const isDatasetJson = (path: string): boolean => /(^|\/)dataset\.json$/.test(path);

/**
 * Parses a dataset.json.
 * @param path inside the source
 * @returns undefined if it is an unrelated file of that name
 */
export function parseAdaLabels(text: string, path: string): AdaLabels | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    return undefined;
  }
  if (json === null || typeof json !== "object" || !("labels" in json)) return undefined;
  const folder = path.slice(0, path.lastIndexOf("/") + 1), given = json.labels;
  if (given === null || (Array.isArray(given) && given.length === 0)) return { folder };
  if (typeof given !== "object") return undefined;
  const pairs: unknown[] = Array.isArray(given) ? given : Object.entries(given);
  const labels = new Map<string, number | string>();
  for (const pair of pairs) {
    const [name, value] = Array.isArray(pair) ? pair : [];
    const label = classOf(value);
    if (typeof name !== "string" || label === undefined) {
      return { folder, noClass: printableLine(JSON.stringify(pair)).slice(0, 80) };
    }
    labels.set(name.replaceAll("\\", "/"), label);
  }
  return { folder, labels };
}

/** A class's name or number, given directly or as a one-hot list. */
function classOf(value: unknown): number | string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "number") {
    return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
  }
  if (!Array.isArray(value)) return undefined;
  const isOneHot = value.every((v) => v === 0 || v === 1) &&
    value.filter((v) => v === 1).length === 1;
  return isOneHot ? value.indexOf(1) : undefined;
}

/**
 * Labels of files: names, or numbers as names that sort in numerical order.
 * @param paths inside the source
 * @returns `noLabels` says what was expected and received if the dataset.json provides no labels
 */
export function labelsByFile(
  paths: readonly string[],
  { folder, labels, noClass }: AdaLabels,
): { places: { label: string }[]; notes: string[]; noLabels?: string } {
  if (!labels) {
    const places = paths.map(() => ({ label: "" }));
    if (noClass === undefined) return { places, notes: ["dataset.json gives no labels"] };
    return {
      places,
      notes: [`labels of dataset.json are ignored, because they are not classes: ${noClass}`],
      noLabels:
        `a class for each file (a whole number, a name, or a list with a single 1), received ` +
        noClass,
    };
  }
  const numbers = [...new Set(labels.values())].filter((label) => typeof label === "number");
  const digits = String(Math.max(0, ...numbers)).length;
  let missing = 0;
  const places = paths.map((path) => {
    const label = labels.get(path.startsWith(folder) ? path.slice(folder.length) : path);
    if (label === undefined) missing++;
    return { label: typeof label === "number" ? String(label).padStart(digits, "0") : label ?? "" };
  });
  const notes = ["labels are those of dataset.json"];
  if (missing > 0) notes.push(`files that are not in dataset.json have no label: ${missing}`);
  if (missing < paths.length) return { places, notes };
  return { places, notes, noLabels: `classes of the files there, received those of others` };
}
