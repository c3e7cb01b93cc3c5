/**
 * StyleGAN2-ADA's dataset.json: `{"labels": [["00000/img00000000.png", 6], …]}`, or null in place
 * of the list.
 */

/** Labels by the file's path, as the file gives them. */
export interface AdaLabels {
  /** The folder of dataset.json inside the source, "" or ending in "/". */
  folder: string;
  /** Absent where the set has none: its folders are no classes either. */
  labels?: ReadonlyMap<string, number>;
}

/** Most bytes of a dataset.json that are read. */
export const MAX_DATASET_JSON = 256 * 2 ** 20;

/** Whether a path may be one, by its name. */
export const isDatasetJson = (path: string): boolean => /(^|\/)dataset\.json$/.test(path);

/**
 * Reads a dataset.json.
 * @param path inside the source
 * @returns undefined where it is another file of that name
 * @throws SyntaxError where labels are there that can't be understood
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
  const labels = new Map<string, number>();
  for (const pair of pairs) {
    const [name, value] = Array.isArray(pair) ? pair : [];
    const label = classOf(value);
    if (typeof name !== "string" || label === undefined) {
      throw new SyntaxError(
        `Cannot read ${path}: expected pairs of a file and its class, a whole number or a list with a single 1, received ${
          JSON.stringify(pair)?.slice(0, 80)
        }`,
      );
    }
    labels.set(name.replaceAll("\\", "/"), label);
  }
  return { folder, labels };
}

/** A class's number, given as such or as a list with a 1 in its place. */
function classOf(value: unknown): number | undefined {
  if (typeof value === "number") {
    return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
  }
  if (!Array.isArray(value)) return undefined;
  const isOneHot = value.every((v) => v === 0 || v === 1) &&
    value.filter((v) => v === 1).length === 1;
  return isOneHot ? value.indexOf(1) : undefined;
}

/**
 * Labels of files, as names whose order is that of the numbers.
 * @param paths inside the source
 */
export function labelsByFile(
  paths: readonly string[],
  { folder, labels }: AdaLabels,
): { places: { label: string }[]; notes: string[] } {
  if (!labels) {
    return { places: paths.map(() => ({ label: "" })), notes: ["dataset.json gives no labels"] };
  }
  const digits = String(Math.max(0, ...new Set(labels.values()))).length;
  let missing = 0;
  const places = paths.map((path) => {
    const label = labels.get(path.startsWith(folder) ? path.slice(folder.length) : path);
    if (label === undefined) missing++;
    return { label: label === undefined ? "" : String(label).padStart(digits, "0") };
  });
  const notes = ["labels are those of dataset.json"];
  if (missing > 0) notes.push(`files that are not in dataset.json have no label: ${missing}`);
  return { places, notes };
}
