/** Derives labels and the train/held-out split from paths, as the data's author intended them. */
import type { FoundFile, Source, SourceFile } from "./source.ts";
import { type AdaLabels, labelsByFile } from "./ada_labels.ts";

/** Files with labels, sorted by path, and notes on how labels were found if that is not obvious. */
export interface LabelledFiles {
  files: SourceFile[];
  notes: string[];
  noLabels?: NonNullable<Source["noLabels"]>;
}

/** The label and split of a file, according to its folders. */
type Place = Pick<SourceFile, "label" | "split">;

/** One place per file, and how they were found. */
interface Places {
  places: Place[];
  notes: string[];
  noLabels?: string;
}

const TRAIN = /^(train|training|trainset|train_set)$/i;
const HELD_OUT = /^(test|testing|val|valid|validation|dev|eval|evaluation|held-?out)([_-]?set)?$/i;
/** Unpaired sets of two domains for image-to-image translation: trainA, testB. */
const PAIRED = /^(train|test|val)([AB])$/;

/**
 * The first folder below the common path is the label; folders named like a split define the split,
 * above or below the label; folders that only group a thousand files each are ignored;
 * StyleGAN2-ADA's dataset.json overrides all of them. Each file is its own group.
 * @param ada the labels of a dataset.json, if there is one
 */
export function labelFiles(found: readonly FoundFile[], ada?: AdaLabels): LabelledFiles {
  const folders = belowShared(found.map(({ path }) => path.split("/").slice(0, -1)));
  const { places, notes, noLabels }: Places = ada
    ? labelsByFile(found.map(({ path }) => path), ada)
    : placesOf(found, folders);
  const files = found.map((file, i): SourceFile => {
    const { label, split } = places[i]!; // one place per file
    return {
      ...file,
      label: label.normalize("NFC"), // names that look equal are one class
      group: file.path,
      ...(split ? { split } : {}),
    };
  }).sort((a, b) => a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
  if (!ada || noLabels === undefined) return { files, notes };
  return { files, notes, noLabels: { path: `${ada.folder}dataset.json`, why: noLabels } };
}

/** Each file's folders without the common ones. */
function belowShared(folders: readonly string[][]): string[][] {
  let shared = folders[0]?.length ?? 0;
  for (const folder of folders) {
    let same = 0;
    while (same < shared && folder[same] === folders[0]![same]) same++; // there is a first one
    shared = same;
  }
  return folders.map((folder) => folder.slice(shared));
}

function placesOf(
  found: readonly FoundFile[],
  folders: readonly string[][],
): Places {
  if (areShards(found, folders)) {
    const note = "numbered folders of a thousand files each are not classes";
    return { places: found.map(() => ({ label: "" })), notes: [note] };
  }
  for (const level of [0, 1]) {
    const places = splitAt(folders, level);
    if (!places) continue;
    const names = [...new Set(folders.flatMap((folder) => folder[level] ?? []))].sort().join(", ");
    return {
      places,
      notes: [
        `the folders ${names} are the split: what is not for training is held out, and ` +
        `--held-out is not used`,
      ],
    };
  }
  return { places: folders.map(([label = ""]) => ({ label })), notes: [] };
}

/**
 * The files' places if all folders at a level name a split, and at least two different ones;
 * otherwise undefined.
 */
function splitAt(folders: readonly string[][], level: number): Place[] | undefined {
  const deep = folders.filter((folder) => folder.length > level);
  // Below labels each file must be in a split; above them, stray files in the root are trained on.
  if (deep.length === 0 || (level > 0 && deep.length < folders.length)) return undefined;
  const parts = deep.map((folder) => partOf(folder[level]!)); // deep enough
  if (parts.some((part) => part === undefined)) return undefined;
  if (new Set(parts.map((part) => part?.split)).size < 2) return undefined;
  return folders.map((folder): Place => {
    const part = folder[level] === undefined ? undefined : partOf(folder[level]);
    if (!part) return { label: "", split: "train" };
    const label = level > 0 ? folder[0] : part.label ?? folder[1];
    return { label: label ?? "", split: part.split };
  });
}

function partOf(name: string): { split: "train" | "held-out"; label?: string } | undefined {
  const split = partOfName(name);
  if (split) return { split };
  const [, part, label] = PAIRED.exec(name) ?? [];
  return part && label ? { split: part === "train" ? "train" : "held-out", label } : undefined;
}

/** The split that a name indicates: "train", "val", "test" and the like. */
export function partOfName(name: string): "train" | "held-out" | undefined {
  return TRAIN.test(name) ? "train" : HELD_OUT.test(name) ? "held-out" : undefined;
}

/**
 * Folders such as 00000, 00001 (StyleGAN2-ADA: a file's number in thousands) or 00000, 01000 (FFHQ:
 * the first number) keep file systems fast and have no meaning.
 */
function areShards(found: readonly FoundFile[], folders: readonly string[][]): boolean {
  return folders.length > 0 && folders.every((folder, i) => {
    const name = folder[0] ?? "", digits = /(\d+)\.[^.]*$/.exec(found[i]!.path)?.[1];
    if (folder.length !== 1 || !/^\d{5,}$/.test(name) || !digits || digits.length < 5) return false;
    const thousand = Math.floor(Number(digits) / 1000);
    return Number(name) === thousand || Number(name) === 1000 * thousand;
  });
}
