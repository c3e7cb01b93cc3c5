/** Provides VGG-19's weights: from a given file, the user's caches, or Keras' published file. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { joinBytes } from "../join_bytes.ts";
import { cacheFolder } from "../cache_folder.ts";
import { messageOf } from "../text.ts";
import { writeWhole } from "../write_whole.ts";
import type { VggWeights } from "./vgg.ts";
import { encodeVgg, parseVgg } from "./vgg_file.ts";

/** Keras' name for its file without the classifier. */
const KERAS_NAME = "vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5";

/** Keras' published file: its URL, and the digest that keras.applications checks. */
export const KERAS_FILE = {
  url: `https://storage.googleapis.com/tensorflow/keras-applications/vgg19/${KERAS_NAME}`,
  md5: "253f8cb515780f3b799900260a226db6",
} as const;

/** Where to look for the weights, and how to report progress. */
export interface VggSources {
  /** A file given by the user; "" for none. If one is given, nothing else is tried. */
  file: string;
  /** Cambium's cached block 1. */
  cache?: string | undefined;
  /** Where Keras stores the whole file. */
  kerasCache?: string | undefined;
  published?: { url: string; md5: string };
  log?(message: string): void;
  /** @param fraction 0 … 1 */
  progress?(fraction: number, message: string): void;
  signal?: AbortSignal;
  /** Whether the command has `--vgg-weights`, for the message. Default true. */
  takesFile?: boolean;
  /** How to proceed without the weights, as half a sentence for the message. */
  otherwise?: string;
}

/** The user's own locations. */
export function vggSources(file: string): VggSources {
  const home = Deno.env.get("HOME") ?? Deno.env.get("USERPROFILE"), folder = cacheFolder();
  const keras = Deno.env.get("KERAS_HOME") ?? (home && join(home, ".keras"));
  return {
    file,
    cache: folder && join(folder, "vgg19", "block1.safetensors"),
    kerasCache: keras && join(keras, "models", KERAS_NAME),
    published: KERAS_FILE,
  };
}

/**
 * Reads weights that are on this machine: from the given file, otherwise from the cached block.
 * @returns undefined if there is neither
 * @throws RangeError if a file is damaged, Error if a given file can't be read
 */
export function readVgg({ file, cache }: VggSources): VggWeights | undefined {
  if (file) {
    let bytes: Uint8Array;
    try {
      bytes = Deno.readFileSync(file);
    } catch (cause) {
      throw new Error(
        `Cannot read --vgg-weights ${file}: ${messageOf(cause)}. Put the file back, or give ` +
          `another by --vgg-weights: of a run that exists by train --resume RUN --vgg-weights FILE ` +
          `--force`,
        { cause },
      );
    }
    return parseVgg(bytes, file);
  }
  const bytes = cache === undefined ? undefined : readIfThere(cache);
  if (!bytes) return undefined;
  try {
    return parseVgg(bytes, cache!); // bytes came from it
  } catch (cause) {
    throw new RangeError(`${messageOf(cause)}. Delete ${cache}; it will be made again`, { cause });
  }
}

/**
 * Makes sure that {@linkcode readVgg} finds weights: takes them from Keras' cache, or downloads
 * Keras' file once, checks its digest and caches block 1.
 * @throws Error that lists the ways to get them
 */
export async function prepareVgg(sources: VggSources): Promise<void> {
  if (readVgg(sources)) return;
  const { cache, kerasCache, published = KERAS_FILE, log } = sources;
  try {
    if (cache === undefined) throw new Error("no home folder, so no cache to keep them in");
    const kept = kerasCache === undefined ? undefined : readIfThere(kerasCache);
    const digest = kept && md5(kept);
    let bytes: Uint8Array;
    if (kept && digest === published.md5) {
      log?.(`VGG-19's weights: from ${kerasCache}`);
      bytes = kept;
    } else {
      if (kept) {
        log?.(
          `VGG-19's weights: ${kerasCache} is not used: expected MD5 ${published.md5}, received ${digest}`,
        );
      }
      log?.(`VGG-19's weights: downloading ${published.url}`);
      bytes = await download(published, sources);
    }
    const encoded = encodeVgg(parseVgg(bytes, KERAS_NAME), `${KERAS_NAME} (MD5 ${published.md5})`);
    await writeWhole(cache, encoded);
    log?.(`VGG-19's weights: kept block 1 in ${cache}`);
  } catch (cause) {
    sources.signal?.throwIfAborted();
    throw missingVgg(messageOf(cause), { ...sources, cause });
  }
}

/** An error that says how to get the weights. */
export function missingVgg(
  why: string,
  { takesFile = true, otherwise, cause }:
    & Pick<VggSources, "takesFile" | "otherwise">
    & { cause?: unknown } = {},
): Error {
  const ways = [
    ...takesFile ? [`give --vgg-weights FILE (Keras' ${KERAS_NAME}, or safetensors)`] : [],
    `put ${takesFile ? "that HDF5" : `Keras' ${KERAS_NAME}`} into ~/.keras/models`,
    `let it be fetched from ${KERAS_FILE.url} (80 MB, once)`,
  ];
  return new Error(
    `Cannot use VGG-19: expected its ImageNet weights, received none (${why}). ` +
      `${takesFile ? "Three" : "Two"} ways: ${ways.slice(0, -1).join("; ")}; or ${ways.at(-1)}` +
      (otherwise === undefined ? "" : `. Or ${otherwise}`),
    { cause },
  );
}

async function download(
  { url, md5: expected }: { url: string; md5: string },
  { progress, signal }: VggSources,
): Promise<Uint8Array> {
  const response = await fetch(url, signal ? { signal } : {});
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    throw new Error(`${url} answered ${response.status} ${response.statusText}`);
  }
  const total = Number(response.headers.get("content-length")), chunks: Uint8Array[] = [];
  let received = 0;
  for await (const chunk of response.body) {
    chunks.push(chunk);
    received += chunk.length;
    const megabytes = (n: number) => (n / 1e6).toFixed(0);
    const of = total ? ` of ${megabytes(total)}` : "";
    progress?.(total ? received / total : 0, `VGG-19: ${megabytes(received)}${of} MB`);
  }
  const bytes = joinBytes(chunks), digest = md5(bytes);
  if (digest === expected) return bytes;
  throw new Error(`expected MD5 ${expected} of ${url}, received ${digest} of ${received} bytes`);
}

function readIfThere(path: string): Uint8Array | undefined {
  try {
    return Deno.readFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function md5(bytes: Uint8Array): string {
  return createHash("md5").update(bytes).digest("hex");
}
