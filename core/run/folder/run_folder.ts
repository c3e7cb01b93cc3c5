/** Run folders: numbered, never reused, found again by number, name or path. */
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
  /** Counts runs from 0. */
  number: number;
  plugin: string;
  data: string;
  /** Absolute path. */
  folder: string;
}

/** A longer file is no configuration. */
const MAX_CONFIG_BYTES = 2 ** 20;

/** Name of the file, beside the runs, that keeps the last number given. */
export const NUMBERS_NAME = ".numbers";

/** Letters of a name in a folder's name. */
const MOST_LETTERS = 60;

/** Digits of the largest number, and a line break. */
const NUMBER_BYTES = 10;

/** Name of the resolved configuration inside a run folder. */
export const CONFIG_NAME = "config.json";

/**
 * Makes the next run folder, `<runs>/00000-<plugin>-<data>`, with `samples` and `checkpoints`
 * inside. Safe against other processes: the number is picked while a lock on `<runs>/.numbers` is
 * held. That file keeps the last number, so that a run that is removed doesn't give its name to
 * another.
 * @param names go into the folder's name; what a file name shouldn't have becomes "_"
 */
export async function createRunFolder(
  runsFolder: string,
  names: { plugin: string; data: string },
): Promise<RunFolder> {
  const root = resolve(runsFolder);
  using numbers = await openNumbers(root);
  await numbers.lock(true); // given back when the file closes, or the process dies
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

/** The last number that was given in a folder of runs; -1 where none was. */
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
  return /^\d{1,9}$/.test(text) ? Number(text) : -1; // empty at first, and where a crash cut it off
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
 * One more than the last number and than those of the folders; it is taken before a folder has it.
 */
async function nextNumber(root: string, numbers: Deno.FsFile): Promise<number> {
  const last = await readNumber(numbers);
  const runs = await findRuns(root);
  const number = runs.reduce((highest, run) => Math.max(highest, run.number), last) + 1;
  const line = new TextEncoder().encode(`${number}\n`);
  await numbers.seek(0, Deno.SeekMode.Start);
  // never shorter than what it replaces, so that no moment has another number
  await numbers.write(line);
  await numbers.truncate(line.length);
  await numbers.sync();
  return number;
}

/**
 * The runs in a folder, by number; other entries are left out. An empty list where there is no
 * folder.
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

/** Whether it is a run's folder that was moved and linked; a link that leads nowhere is none. */
async function isLinkedFolder({ isSymlink }: Deno.DirEntry, path: string): Promise<boolean> {
  return isSymlink && await Deno.stat(path).then((info) => info.isDirectory, () => false);
}

/** The run with the highest number, of `plugin` if it is given; null where there is none. */
export async function latestRun(runsFolder: string, plugin?: string): Promise<RunFolder | null> {
  const wanted = plugin === undefined ? undefined : pluginPart(plugin);
  const runs = await findRuns(runsFolder);
  return runs.findLast((run) => wanted === undefined || run.plugin === wanted) ?? null;
}

/**
 * Finds runs by what a user may type: a number ("3"), a folder's name or path, or the word that
 * stands for the data in the folder's name: what `--name` gave it, or the data's own name.
 * @returns one run, or all that have the word, oldest first
 * @throws RangeError where no run fits, naming those that exist, or a number fits several, naming
 * these
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
    for (const run of runs) if (await Deno.realPath(run.folder) === real) return [run]; // by a link
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
 * The run of a number; undefined where there is none.
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
 * The run that {@linkcode findNamedRuns} finds; the newest where several have the name.
 * @throws RangeError where no run fits, or a number fits several, naming those that exist
 */
export async function findRun(runsFolder: string, wanted: string): Promise<RunFolder> {
  const [first, ...others] = await findNamedRuns(runsFolder, wanted);
  return others.at(-1) ?? first;
}

/** Writes `config.json`; readers see the old or the new one, never a part. */
export async function writeRunConfig(
  folder: string,
  config: Readonly<Record<string, unknown>>,
): Promise<void> {
  const bytes = new TextEncoder().encode(JSON.stringify(config, null, 2) + "\n");
  await replaceFile(join(folder, CONFIG_NAME), [bytes]);
}

/**
 * Reads `config.json`.
 * @throws SyntaxError where it isn't an object in JSON; NotFound where there is none
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
 * A part of a run folder's name: lower case, digits, "_" and "-": safe on every system, and in a
 * URL. Accents are left out. Names that look equal give the same part, and names that differ in
 * other letters, or beyond what fits, differ in a number at its end.
 */
export function namePart(text: string): string {
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const safe = plain.replace(/[^a-z0-9_-]+/g, "_").replace(/^[_-]+|[_-]+$/g, "");
  if (/^\p{ASCII}*$/u.test(plain) && safe.length <= MOST_LETTERS) return safe || "unnamed";
  const number = sha256(text.normalize("NFKC").toLowerCase()).slice(0, 6);
  return `${safe.slice(0, MOST_LETTERS - 7) || "name"}-${number}`;
}

/** A plugin's name in that of a folder: without "-", so that it splits again. */
export function pluginPart(name: string): string {
  return namePart(name).replaceAll("-", "_");
}

/**
 * Refuses names that no run is found by.
 * @throws ConfigError where there is neither a letter nor a digit, or it reads as a run's number or
 * as RUN@CHECKPOINT
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

/** What a run folder's name tells; null where it is not a run's. */
export function parseRun(folder: string): RunFolder | null {
  const id = basename(folder);
  const match = /^(\d{5,9})-([a-z0-9_]+)-([a-z0-9_-]+)$/.exec(id);
  if (!match) return null;
  const [, number, plugin, data] = match as unknown as [string, string, string, string]; // 3 groups
  return { id, number: Number(number), plugin, data, folder };
}

function expectRun(folder: string): RunFolder {
  const run = parseRun(folder);
  if (!run) throw new Error(`Cannot make a run folder: expected a plain name, received ${folder}`);
  return run;
}
