/**
 * Builds a cache once: in a temporary folder that is renamed when complete, under an inter-process
 * lock.
 */
import { settleAll } from "../../core/settle_all.ts";
import { sha256 } from "../../core/sha256.ts";
import { basename, dirname, join } from "node:path";
import sharp from "sharp";
import type { CacheProgress } from "../options.ts";
import { messageOf } from "../../core/text.ts";
import { writeAll } from "../../core/write_all.ts";
import { SkipError } from "./decode.ts";
import {
  CACHE_VERSION,
  type CacheEntry,
  type CacheIndex,
  DATA_VERSION,
  pixelPath,
  readIndex,
} from "./index_file.ts";
import { type CachePlan, type PlanItem, type RenderedItem, UnreadableError } from "./plan.ts";

/** Number of items rendered in parallel. */
const PARALLEL = 8;

/** The smallest resolution in px, for testing with little work whether a file can be read. */
const SMALLEST = 4;

/** An opened cache. */
export interface Cache {
  folder: string;
  /** `skipped` lists everything that was skipped. */
  index: CacheIndex;
}

/** SHA-256 of a value's JSON, in hexadecimal. */
export function digestOf(value: unknown): string {
  return sha256(JSON.stringify(value));
}

/** A digest that detects changed files or settings without reading pixels. */
export function quickDigest(plan: CachePlan): string {
  const files = plan.files.map(({ path, bytes, modified }) => [path, bytes, modified]);
  const { kind, settings, channels, revision = null } = plan;
  return digestOf([CACHE_VERSION, kind, settings, channels, files, revision]);
}

/** The folder of a plan's cache. */
export function cacheFolder(plan: CachePlan, cacheDir: string): string {
  return join(cacheDir, "datasets", `${plan.name}-${quickDigest(plan).slice(0, 12)}`);
}

/**
 * Opens a plan's cache. It is built if it is missing or damaged, and rebuilt with all resolutions
 * if one is missing or if a previously unreadable file can be read now.
 * @param resolutions sides in px, powers of two
 * @throws Error if no item can be read or the folder can't be written
 */
export async function openCache(
  plan: CachePlan,
  cacheDir: string,
  resolutions: readonly number[],
  onProgress: (progress: CacheProgress) => void = () => {},
): Promise<Cache> {
  const folder = cacheFolder(plan, cacheDir);
  const complete = async () => {
    const index = await readIndex(folder);
    const isUsable = index && resolutions.every((side) => index.resolutions.includes(side)) &&
      !await canReadMore(plan, index);
    return { index, isUsable };
  };
  const opened = (index: CacheIndex): Cache => {
    const skipped = [...plan.skipped, ...index.skipped, ...index.unreadable];
    const { source, notes } = plan; // as given and found this time
    return {
      folder,
      index: { ...index, source, skipped, ...(notes ? { notes: [...notes] } : {}) },
    };
  };
  const before = await complete();
  if (before.index && before.isUsable) return opened(before.index);
  const lock = await lockBuild(folder, cacheDir);
  try {
    const { index, isUsable } = await complete(); // another process may have built it meanwhile
    if (index && isUsable) return opened(index);
    const all = [...new Set([...(index?.resolutions ?? []), ...resolutions])].sort((a, b) => a - b);
    return opened(await build(plan, folder, all, onProgress));
  } finally {
    lock.close(); // lets go of the lock
  }
}

/** Whether a previously unreadable file can be read now. */
async function canReadMore(plan: CachePlan, { unreadable }: CacheIndex): Promise<boolean> {
  if (unreadable.length === 0) return false;
  const paths = new Set(unreadable.map(({ path }) => path));
  for (const item of plan.items()) {
    if (!paths.has(item.path)) continue;
    if (!(await renderOne(item, [SMALLEST]) instanceof UnreadableError)) return true;
  }
  return false;
}

async function lockBuild(folder: string, cacheDir: string): Promise<Deno.FsFile> {
  try {
    await Deno.mkdir(join(cacheDir, "datasets"), { recursive: true });
    const file = await Deno.open(`${folder}.lock`, { create: true, write: true });
    await file.lock(true);
    return file;
  } catch (cause) {
    throw unwritable(folder, cause);
  }
}

async function build(
  plan: CachePlan,
  folder: string,
  resolutions: readonly number[],
  onProgress: (progress: CacheProgress) => void,
): Promise<CacheIndex> {
  await removeLeftovers(folder);
  const temporary = `${folder}.tmp-${crypto.randomUUID().slice(0, 8)}`;
  try {
    await write(() => Deno.mkdir(temporary), folder);
    const { entries, ...rendered } = await renderAll(plan, {
      folder,
      temporary,
      resolutions,
      onProgress,
    });
    if (entries.length === 0) throw nothingLeft(plan, rendered);
    const content = entries.map((
      { path, label, group, split, sha256, parts },
    ) => [path, label, group, sha256, parts, ...(split ? [split] : [])]);
    const index: CacheIndex = {
      version: CACHE_VERSION,
      kind: plan.kind,
      name: plan.name,
      source: plan.source,
      quickDigest: quickDigest(plan),
      contentDigest: digestOf([DATA_VERSION, plan.kind, plan.settings, plan.channels, content]),
      settings: plan.settings,
      filter: plan.filter,
      sharp: sharp.versions.sharp ?? "unknown",
      channels: plan.channels,
      resolutions: [...resolutions],
      entries,
      ...rendered,
    };
    await write(async () => {
      const file = await Deno.open(join(temporary, "index.json"), { createNew: true, write: true });
      using _closed = file;
      await writeAll(file, new TextEncoder().encode(JSON.stringify(index)));
      await file.sync();
      await replaceFolder(temporary, folder);
    }, folder);
    return index;
  } finally {
    // already renamed if all went well
    await Deno.remove(temporary, { recursive: true }).catch(() => {});
  }
}

interface RenderTarget {
  folder: string;
  temporary: string;
  resolutions: readonly number[];
  onProgress: (progress: CacheProgress) => void;
}

/** The results of rendering that the index stores. */
type Rendered = Pick<CacheIndex, "entries" | "rows" | "skipped" | "unreadable">;

async function renderAll(
  plan: CachePlan,
  { folder, temporary, resolutions, onProgress }: RenderTarget,
): Promise<Rendered> {
  const items = plan.items(), files: Deno.FsFile[] = [];
  const entries: CacheEntry[] = [];
  const skipped: Rendered["skipped"] = [], unreadable: Rendered["unreadable"] = [];
  let rows = 0;
  try {
    for (const resolution of resolutions) {
      const path = pixelPath(temporary, resolution);
      files.push(await write(() => Deno.open(path, { createNew: true, write: true }), folder));
    }
    for (let at = 0; at < items.length; at += PARALLEL) {
      const some = items.slice(at, at + PARALLEL);
      const rendered = await settleAll(some.map((item) => renderOne(item, resolutions)));
      for (const [i, result] of rendered.entries()) {
        const { path, label, group, split } = some[i]!; // one result per item
        if (result instanceof Error) {
          const list = result instanceof UnreadableError ? unreadable : skipped;
          list.push({ path, reason: result.message });
          continue;
        }
        const { rows: count, pixels, ...kept } = result;
        entries.push({ path, label, group, ...(split && { split }), ...kept });
        rows += count;
        for (const [j, file] of files.entries()) {
          await write(() => writeAll(file, pixels[j]!), folder); // one array per resolution
        }
      }
      const left = plan.skipped.length + skipped.length + unreadable.length;
      onProgress({ done: at + some.length, total: items.length, skipped: left });
    }
    for (const file of files) await write(() => file.sync(), folder);
  } finally {
    for (const file of files) file.close();
  }
  return { entries, rows, skipped, unreadable };
}

/** @returns an error with the reason if the item is skipped */
async function renderOne(
  item: PlanItem,
  resolutions: readonly number[],
): Promise<RenderedItem | SkipError | UnreadableError> {
  try {
    return await item.render(resolutions);
  } catch (error) {
    if (error instanceof SkipError || error instanceof UnreadableError) return error;
    throw new Error(`Cannot render ${item.path}: ${messageOf(error)}`, { cause: error });
  }
}

function nothingLeft(
  plan: CachePlan,
  rendered: Pick<Rendered, "skipped" | "unreadable">,
): Error {
  const skipped = [...plan.skipped, ...rendered.skipped, ...rendered.unreadable];
  const listed = skipped.slice(0, 3).map(({ path, reason }) => `${path} (${reason})`).join("; ");
  return new Error(
    `Cannot use ${plan.source}: expected ${plan.kind}, received none` +
      (skipped.length === 0 ? ". The source is empty" : `; ${skipped.length} left out: ${listed}`) +
      (skipped.length > 3 ? " …" : ""),
  );
}

/**
 * Removes the folders that a killed build left behind; holding the lock ensures that they are not
 * in use.
 */
async function removeLeftovers(folder: string): Promise<void> {
  const parent = dirname(folder), name = basename(folder);
  for await (const entry of Deno.readDir(parent)) {
    if (!entry.name.startsWith(`${name}.tmp-`) && !entry.name.startsWith(`${name}.old-`)) continue;
    await Deno.remove(join(parent, entry.name), { recursive: true });
  }
}

/** Moves a complete folder into place; an older one is moved aside first. */
async function replaceFolder(from: string, to: string): Promise<void> {
  const aside = `${to}.old-${crypto.randomUUID().slice(0, 8)}`;
  const hadOne = await Deno.rename(to, aside).then(() => true, (error) => {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  });
  await Deno.rename(from, to);
  if (hadOne) await Deno.remove(aside, { recursive: true });
}

async function write<T>(action: () => Promise<T>, folder: string): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    throw unwritable(folder, cause);
  }
}

function unwritable(folder: string, cause: unknown): Error {
  return new Error(
    `Cannot write the data's cache ${folder}: expected a folder that can be written and has room ` +
      `(${messageOf(cause)}). Pass --cache FOLDER or set CAMBIUM_CACHE`,
    { cause },
  );
}
