/** Checks that files can be written before doing the work that produces them. */
import { dirname, join, resolve } from "node:path";
import { ConfigError } from "./config/config_layer.ts";
import { messageOf } from "./text.ts";

/** Options of {@linkcode expectWritableFile}. */
export interface ExpectWritableOptions {
  /** Advice for the error, a sentence without its full stop. Default: "Name another". */
  advice?: string;
  /** Whether an existing file may be replaced. Default true. */
  overwrite?: boolean | undefined;
}

/**
 * Asserts that a file can be written. Its folder need not exist yet; nothing is left behind.
 * @throws ConfigError where it can't be written, or exists and may not be replaced
 */
export async function expectWritableFile(
  path: string,
  { advice = "Name another", overwrite = true }: ExpectWritableOptions = {},
): Promise<void> {
  const info = await infoOf(resolve(path));
  if (info && "fault" in info) throw unwritable(path, FILE, { received: info.fault, advice });
  if (info && !info.isFile) {
    const received = info.isDirectory ? "that of a folder" : "that of a device";
    throw unwritable(path, FILE, { received, advice });
  }
  if (info && !overwrite) {
    throw unwritable(path, "a new file", {
      received: "one that exists",
      advice: "Use --overwrite or another --out",
    });
  }
  const received = await folderFault(dirname(resolve(path)));
  if (received !== undefined) throw unwritable(path, FOLDER, { received, advice });
}

/**
 * Asserts that files can be written to a folder. It needn't be there yet; nothing is left behind.
 * @param options.purpose what it is for, for the message: "write", "make a run in"
 * @throws ConfigError where they can't, or the name of one that isn't there yet is a file's
 */
export async function expectWritableFolder(
  folder: string,
  { advice = "Name another", purpose = "write" }: { advice?: string; purpose?: string } = {},
): Promise<void> {
  const [, ending] = FILE_NAME.exec(folder) ?? [];
  if (ending !== undefined && !await infoOf(resolve(folder))) {
    throw unwritable(folder, "the name of a folder", {
      received: `one that ends in ${ending}, as a file's does`,
      advice: "The results get names of their own in it. Name it without that ending",
      purpose,
    });
  }
  const received = await folderFault(resolve(folder));
  if (received !== undefined) throw unwritable(folder, FOLDER, { received, advice, purpose });
}

/** A name by which whoever typed it means a single file of results. */
const FILE_NAME = /(\.(?:png|jpe?g|webp|gif|svg|tiff?|bmp|onnx|html?|safetensors))$/i;

const FILE = "the name of a file";
const FOLDER = "a folder that can be written and has room";

function unwritable(
  path: string,
  expected: string,
  { received, advice, purpose = "write" }: { received: string; advice: string; purpose?: string },
): ConfigError {
  return new ConfigError(
    `Cannot ${purpose} ${path}: expected ${expected}, received ${received}. ${advice}`,
  );
}

/** Why files can't be written to a folder, which may not exist yet; undefined where they can. */
async function folderFault(folder: string): Promise<string | undefined> {
  for (let path = folder;; path = dirname(path)) {
    const info = await infoOf(path);
    if (!info && await isLink(path)) return `a link to nothing at ${path}`;
    if (!info && dirname(path) !== path) continue; // it would be created: check its parent
    if (info && "fault" in info) return info.fault;
    if (info && !info.isDirectory) return `a file at ${path}`;
    return await writeFault(path);
  }
}

/**
 * What is at a path, following links, or why it can't be read; undefined where nothing is there.
 */
async function infoOf(path: string): Promise<Deno.FileInfo | { fault: string } | undefined> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    const { NotFound, NotADirectory } = Deno.errors;
    if (error instanceof NotFound || error instanceof NotADirectory) return undefined;
    return { fault: messageOf(error) };
  }
}

const isLink = (path: string) => Deno.lstat(path).then((info) => info.isSymlink, () => false);

/**
 * Why nothing can be written in a folder. Tries to write a byte, since permissions alone don't
 * tell: the disk may be full or read-only.
 */
async function writeFault(folder: string): Promise<string | undefined> {
  const probe = join(folder, `.tmp-${crypto.randomUUID().slice(0, 8)}`);
  try {
    await Deno.writeFile(probe, new Uint8Array(1), { createNew: true });
    return undefined;
  } catch (error) {
    return messageOf(error).replace(probe, folder);
  } finally {
    // may not exist; on a full disk it exists but is empty
    await Deno.remove(probe).catch(() => {});
  }
}
