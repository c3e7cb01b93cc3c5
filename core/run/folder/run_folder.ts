/** Run folders: numbered, never reused, found by number, name or path. */
import { basename, join, resolve } from "node:path";
import { syncFolder } from "../../checkpoint/files.ts";
import { parseStrictJson } from "../../checkpoint/json.ts";
import { ConfigError } from "../../config/config_layer.ts";
import { openPlain } from "../../open_plain.ts";
import { sha256 } from "../../sha256.ts";
import { kindOf, messageOf } from "../../text.ts";
import { writeIdentity } from "./identity.ts";
import { replaceFile } from "./replace_file.ts";

/** A run's folder. */
export interface RunFolder {
  /** The folder's name, e.g. "00003-stylegan-emoji". */
  id: string;
  /** Number of the run, from 0. */
  number: number;
  plugin: string;
  data: string;
  /** Absolute path. */
  folder: string;
}

/** A larger file is not a configuration. */
const MAX_CONFIG_BYTES = 2 ** 20;

/** Name of the file, next to the runs, that stores the last number given. */
export const NUMBERS_NAME = ".numbers";

/** Maximum length of a name as part of a folder's name. */
const MOST_LETTERS = 60;

/** Length of the largest number and a line break, bytes. */
const NUMBER_BYTES = 10;

/** Name of the resolved configuration inside a run folder. */
export const CONFIG_NAME = "config.json";

/**
 * Creates the next run folder, `<runs>/00000-<plugin>-<data>`, with `samples` and `checkpoints`
 * inside. Safe for concurrent processes: the number is chosen while a lock on `<runs>/.numbers` is
 * held. That file stores the last number, so that the number of a removed run is not reused.
 * @param names parts of the folder's name; unsafe characters become "_"
 */
export async function createRunFolder(
  runsFolder: string,
  names: { plugin: string; data: string },
): Promise<RunFolder> {
  const root = resolve(runsFolder);
  using numbers = await openNumbers(root);
  await numbers.lock(true); // released when the file closes or the process dies
  const number = await nextNumber(root, numbers);
  const plugin = pluginPart(names.plugin);
  const id = `${String(number).padStart(5, "0")}-${plugin}-${namePart(names.data)}`;
  const folder = join(root, id);
  await Deno.mkdir(folder);
  await Deno.mkdir(join(folder, "samples"));
  await Deno.mkdir(join(folder, "checkpoints"));
  await writeIdentity(folder);
  await syncFolder(folder, () => {});
  await syncFolder(root, () => {});
  return expectRun(folder);
}

/** The last number given in a folder of runs; -1 where none was. */
export async function latestNumber(runsFolder: string): Promise<number> {
  try {
    using numbers = await openPlain(join(resolve(runsFolder), NUMBERS_NAME));
    return await readNumber(numbers);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return -1;
    throw error;
  }
}

async function readNumber(numbers: Deno.FsFile): Promise<number> {
  const bytes = new Uint8Array(NUMBER_BYTES);
  const length = await numbers.read(bytes) ?? 0;
  const text = new TextDecoder().decode(bytes.subarray(0, length)).trim();
  return /^\d{1,9}$/.test(text) ? Number(text) : -1; // empty at first, or after a crash
}

async function openNumbers(root: string): Promise<Deno.FsFile> {
  try {
    await Deno.mkdir(root, { recursive: true });
    return await openPlain(join(root, NUMBERS_NAME), { write: true, create: true });
  } catch (cause) {
    throw new Error(
      `Cannot make a run in ${root}: expected a folder to write in, received ${
        messageOf(cause)
      }. ` +
        `Choose another by --runs`,
      { cause },
    );
  }
}

/**
 * Takes the next number: one more than the last one and than those of all folders. It is stored
 * before its folder is created.
 */
async function nextNumber(root: string, numbers: Deno.FsFile): Promise<number> {
  const last = await readNumber(numbers);
  const runs = await findRuns(root);
  const number = runs.reduce((highest, run) => Math.max(highest, run.number), last) + 1;
  const line = new TextEncoder().encode(`${number}\n`);
  await numbers.seek(0, Deno.SeekMode.Start);
  // never shorter than the number it replaces, so that the file always starts with a valid number
  await numbers.write(line);
  await numbers.truncate(line.length);
  await numbers.sync();
  return number;
}

/**
 * The runs in a folder, by number; other entries are ignored. Empty where there is no folder.
 * @throws ConfigError where it is a file
 */
export async function findRuns(runsFolder: string): Promise<RunFolder[]> {
  const root = resolve(runsFolder);
  const runs: RunFolder[] = [];
  try {
    for await (const entry of Deno.readDir(root)) {
      const folder = join(root, entry.name);
      const run = entry.isDirectory || await isLinkedFolder(entry, folder)
        ? parseRun(folder)
        : null;
      if (run) runs.push(run);
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotADirectory) {
      throw new ConfigError(
        `Cannot look for runs in ${root}: expected a folder, received a file. Give the folder ` +
          `that the runs' folders are in`,
        { cause: error },
      );
    }
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return runs.sort((a, b) => a.number - b.number || (a.id < b.id ? -1 : 1));
}

/** Whether an entry is a link to an existing folder, as for a run that was moved elsewhere. */
async function isLinkedFolder({ isSymlink }: Deno.DirEntry, path: string): Promise<boolean> {
  return isSymlink && await Deno.stat(path).then((info) => info.isDirectory, () => false);
}

/** The run with the highest number, of `plugin` if given; null where there is none. */
export async function latestRun(runsFolder: string, plugin?: string): Promise<RunFolder | null> {
  const wanted = plugin === undefined ? undefined : pluginPart(plugin);
  const runs = await findRuns(runsFolder);
  return runs.findLast((run) => wanted === undefined || run.plugin === wanted) ?? null;
}

/**
 * Finds runs by what a user may type: a number ("3"), a folder's name or path, or the last part of
 * the folder's name, which is that of `--name` or of the data.
 * @returns one run, or all with that name, oldest first
 * @throws RangeError where no run matches, naming existing ones, or a number matches several,
 * naming these
 */
export async function findNamedRuns(
  runsFolder: string,
  wanted: string,
): Promise<readonly [RunFolder, ...RunFolder[]]> {
  const runs = await findRuns(runsFolder);
  const found = runs.find((run) => run.id === wanted || run.folder === resolve(wanted)) ??
    (/^\d+$/.test(wanted) ? onlyNumbered(runs, Number(wanted)) : undefined);
  if (found) return [found];
  const isFolder = await Deno.stat(wanted).then((info) => info.isDirectory, () => false);
  if (isFolder) {
    const real = await Deno.realPath(wanted);
    // reached through a link
    for (const run of runs) if (await Deno.realPath(run.folder) === real) return [run];
    const elsewhere = parseRun(resolve(wanted));
    if (elsewhere) return [elsewhere];
  }
  const word = wanted === basename(wanted) ? namePart(wanted) : undefined; // a path is not a name
  const [first, ...others] = runs.filter((run) => run.data === word);
  if (first) return [first, ...others];
  const known = runs.slice(-5).map((run) => run.id).join(", ") || "none";
  const [, run, images] = /^(.+)@(\d[\w.]*)$/.exec(wanted) ?? [];
  const advice = run ? `. One of its checkpoints is --run ${run} --checkpoint ${images}` : "";
  throw new RangeError(
    `Cannot find a run: expected the number, name or folder of one in ${runsFolder} ` +
      `(newest: ${known}), received "${wanted}"${advice}`,
  );
}

/**
 * The run with a number; undefined where there is none.
 * @throws RangeError where several have it, as after two folders of runs were merged
 */
export function onlyNumbered(runs: readonly RunFolder[], number: number): RunFolder | undefined {
  const [first, ...others] = runs.filter((run) => run.number === number);
  if (others.length === 0) return first;
  const names = [first, ...others].map((run) => run?.id).join(", ");
  throw new RangeError(
    `Cannot find run ${number}: expected one of this number, received ${names}. ` +
      `Give its whole name`,
  );
}

/**
 * Like {@linkcode findNamedRuns}; the newest where several have the name.
 * @throws RangeError where no run matches, or a number matches several, naming existing ones
 */
export async function findRun(runsFolder: string, wanted: string): Promise<RunFolder> {
  const [first, ...others] = await findNamedRuns(runsFolder, wanted);
  return others.at(-1) ?? first;
}

/** Writes `config.json` atomically. */
export async function writeRunConfig(
  folder: string,
  config: Readonly<Record<string, unknown>>,
): Promise<void> {
  const bytes = new TextEncoder().encode(JSON.stringify(config, null, 2) + "\n");
  await replaceFile(join(folder, CONFIG_NAME), [bytes]);
}

/**
 * Reads `config.json`.
 * @throws SyntaxError where it isn't a JSON object; NotFound where it is missing
 */
export async function readRunConfig(folder: string): Promise<Record<string, unknown>> {
  const path = join(folder, CONFIG_NAME);
  const { size } = await Deno.stat(path);
  if (size > MAX_CONFIG_BYTES) {
    throw new SyntaxError(
      `Cannot read ${path}: expected at most ${MAX_CONFIG_BYTES} bytes, received ${size}`,
    );
  }
  const value = parseStrictJson(await Deno.readFile(path));
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new SyntaxError(`Cannot read ${path}: expected an object, received ${kindOf(value)}`);
  }
  return value as Record<string, unknown>; // checked above
}

/**
 * Converts a name to a part of a run folder's name: lower-case letters, digits, "_" and "-", which
 * are safe on every system and in URLs. Accents are dropped. Names that look the same give the same
 * part; names that differ only in replaced letters, or beyond the maximum length, get different
 * hashes at the end.
 */
export function namePart(text: string): string {
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const safe = plain.replace(/[^a-z0-9_-]+/g, "_").replace(/^[_-]+|[_-]+$/g, "");
  if (/^\p{ASCII}*$/u.test(plain) && safe.length <= MOST_LETTERS) return safe || "unnamed";
  const hash = sha256(text.normalize("NFKC").toLowerCase()).slice(0, 6);
  return `${safe.slice(0, MOST_LETTERS - 7) || "name"}-${hash}`;
}

/** A plugin's name as part of a folder's name: without "-", so that the name can be split again. */
export function pluginPart(name: string): string {
  return namePart(name).replaceAll("-", "_");
}

/**
 * Refuses names by which a run could not be found.
 * @throws ConfigError where a name has neither a letter nor a digit, or reads like a run's number
 * or RUN@CHECKPOINT
 */
export function expectName(name: string): void {
  const refused = !/[\p{L}\p{N}\p{S}]/u.test(name)
    ? "a letter or a digit in it"
    : /^\d+$/.test(namePart(name))
    ? "more than digits, which are a run's number. Add a word"
    : /@\d+$/.test(name)
    ? 'no "@" before digits at its end, which name a checkpoint. Leave the "@" out'
    : undefined;
  if (refused) throw new ConfigError(`Cannot use --name "${name}": expected ${refused}`);
}

/** Parses a run folder's name; null where it is not a run's. */
export function parseRun(folder: string): RunFolder | null {
  const id = basename(folder);
  const match = /^(\d{5,9})-([a-z0-9_]+)-([a-z0-9_-]+)$/.exec(id);
  if (!match) return null;
  // the pattern has 3 groups
  const [, number, plugin, data] = match as unknown as [string, string, string, string];
  return { id, number: Number(number), plugin, data, folder };
}

function expectRun(folder: string): RunFolder {
  const run = parseRun(folder);
  if (!run) throw new Error(`Cannot make a run folder: expected a plain name, received ${folder}`);
  return run;
}
