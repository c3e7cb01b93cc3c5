/** Builds a cache once: in a temporary folder, renamed when whole, under a lock between processes. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import sharp from "sharp";
import type { SkippedFile } from "../../core/data.ts";
import type { CacheProgress } from "../options.ts";
import { messageOf } from "../../core/text.ts";
import { SkipError } from "./decode.ts";
import {
  CACHE_VERSION,
  type CacheEntry,
  type CacheIndex,
  DATA_VERSION,
  pixelPath,
  readIndex,
} from "./index_file.ts";
import type { CachePlan, PlanItem, RenderedItem } from "./plan.ts";

/** Items that are rendered at once. */
const PARALLEL = 8;

/** An opened cache. */
export interface Cache {
  folder: string;
  index: CacheIndex;
}

/** SHA-256 in hexadecimal of a value as JSON. */
export function digestOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}

/** The digest that tells a change of files or settings without reading pixels. */
export function quickDigest(plan: CachePlan): string {
  const files = plan.files.map(({ path, bytes, modified }) => [path, bytes, modified]);
  return digestOf([CACHE_VERSION, plan.kind, plan.settings, plan.channels, files]);
}

/** The folder of a plan's cache. */
export function cacheFolder(plan: CachePlan, cacheDir: string): string {
  return join(cacheDir, "datasets", `${plan.name}-${quickDigest(plan).slice(0, 12)}`);
}

/**
 * Opens a plan's cache; builds it where it is missing or damaged, and again with all sizes where one is lacking.
 * @param resolutions px a side, powers of two
 * @throws Error where nothing can be read or the folder can't be written
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
    const has = index && resolutions.every((resolution) => index.resolutions.includes(resolution));
    return { index, has };
  };
  const before = await complete();
  const source = plan.source; // as typed this time
  if (before.index && before.has) return { folder, index: { ...before.index, source } };
  const lock = await lockBuild(folder, cacheDir);
  try {
    const { index, has } = await complete(); // another process may have built it meanwhile
    if (index && has) return { folder, index: { ...index, source } };
    const all = [...new Set([...(index?.resolutions ?? []), ...resolutions])].sort((a, b) => a - b);
    return { folder, index: await build(plan, folder, all, onProgress) };
  } finally {
    lock.close(); // lets go of the lock
  }
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
  const { items, skipped } = await plan.items();
  await removeLeftovers(folder);
  const temporary = `${folder}.tmp-${crypto.randomUUID().slice(0, 8)}`;
  try {
    await write(() => Deno.mkdir(temporary), folder);
    const { entries, rows } = await renderAll(items, skipped, {
      folder,
      temporary,
      resolutions,
      onProgress,
    });
    if (entries.length === 0) throw nothingLeft(plan, skipped);
    const content = entries.map((
      { path, label, group, sha256, parts },
    ) => [path, label, group, sha256, parts]);
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
      rows,
      entries,
      skipped,
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
    await Deno.remove(temporary, { recursive: true }).catch(() => {}); // renamed where all went well
  }
}

interface RenderTarget {
  folder: string;
  temporary: string;
  resolutions: readonly number[];
  onProgress: (progress: CacheProgress) => void;
}

async function renderAll(
  items: readonly PlanItem[],
  skipped: SkippedFile[],
  { folder, temporary, resolutions, onProgress }: RenderTarget,
): Promise<{ entries: CacheEntry[]; rows: number }> {
  const entries: CacheEntry[] = [], files: Deno.FsFile[] = [];
  let rows = 0;
  try {
    for (const resolution of resolutions) {
      const path = pixelPath(temporary, resolution);
      files.push(await write(() => Deno.open(path, { createNew: true, write: true }), folder));
    }
    for (let at = 0; at < items.length; at += PARALLEL) {
      const some = items.slice(at, at + PARALLEL);
      const rendered = await Promise.all(some.map((item) => renderOne(item, resolutions)));
      for (const [i, result] of rendered.entries()) {
        const { path, label, group } = some[i]!; // one result an item
        if (typeof result === "string") {
          skipped.push({ path, reason: result });
          continue;
        }
        const { sha256, width, height, parts } = result;
        entries.push({ path, label, group, sha256, width, height, ...(parts && { parts }) });
        rows += result.rows;
        for (const [j, file] of files.entries()) {
          await write(() => writeAll(file, result.pixels[j]!), folder); // one array a resolution
        }
      }
      onProgress({ done: at + some.length, total: items.length, skipped: skipped.length });
    }
    for (const file of files) await write(() => file.sync(), folder);
  } finally {
    for (const file of files) file.close();
  }
  return { entries, rows };
}

/** @returns the reason where the item is left out */
async function renderOne(
  item: PlanItem,
  resolutions: readonly number[],
): Promise<RenderedItem | string> {
  try {
    return await item.render(resolutions);
  } catch (error) {
    if (error instanceof SkipError) return error.message;
    throw new Error(`Cannot render ${item.path}: ${messageOf(error)}`, { cause: error });
  }
}

function nothingLeft(plan: CachePlan, skipped: readonly SkippedFile[]): Error {
  const listed = skipped.slice(0, 3).map(({ path, reason }) => `${path} (${reason})`).join("; ");
  return new Error(
    `Cannot use ${plan.source}: expected ${plan.kind}, received none` +
      (skipped.length === 0 ? ". The source is empty" : `; ${skipped.length} left out: ${listed}`) +
      (skipped.length > 3 ? " …" : ""),
  );
}

/** A killed build leaves its folder behind; the lock is ours, so nobody works in it. */
async function removeLeftovers(folder: string): Promise<void> {
  const parent = join(folder, ".."), name = folder.slice(join(parent, "x").length - 1);
  for await (const entry of Deno.readDir(parent)) {
    if (!entry.name.startsWith(`${name}.tmp-`) && !entry.name.startsWith(`${name}.old-`)) continue;
    await Deno.remove(join(parent, entry.name), { recursive: true });
  }
}

/** Renames a whole folder into place; an older one steps aside first. */
async function replaceFolder(from: string, to: string): Promise<void> {
  const aside = `${to}.old-${crypto.randomUUID().slice(0, 8)}`;
  const hadOne = await Deno.rename(to, aside).then(() => true, (error) => {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  });
  await Deno.rename(from, to);
  if (hadOne) await Deno.remove(aside, { recursive: true });
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
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
