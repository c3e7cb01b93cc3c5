/** Writes the pictures of any source as shards. */
import { join } from "node:path";
import { ConfigError } from "../../../core/config/config_layer.ts";
import type { SkippedFile } from "../../../core/data.ts";
import { expectWritableFolder } from "../../../core/expect_writable.ts";
import { expectBytes, PictureError, pictureFormat } from "../../../core/images/mod.ts";
import { permutation, seedFor } from "../../../core/random.ts";
import { messageOf } from "../../../core/text.ts";
import { writeWhole } from "../../../core/write_whole.ts";
import type { CacheProgress } from "../../options.ts";
import { resolveImageSource } from "../../sources/resolve_source.ts";
import type { SourceFile } from "../../sources/source.ts";
import { writeAll } from "../../../core/write_all.ts";
import { encodeIndex } from "../index/index_file.ts";
import { indexShard } from "../index/shard_index.ts";
import { openFileBytes } from "../read/file_bytes.ts";
import { siblingIndexPath } from "../shard_set.ts";
import { TAR_END, tarMember } from "./tar_bytes.ts";

/** Options of {@linkcode writeShards}. */
export interface WriteShardsOptions {
  /** A folder, a .zip, `npm:PACKAGE`, `emoji` or `emoji:SUBSET`. */
  source: string;
  /** The output folder; created if missing. */
  folder: string;
  /** Size of a shard in bytes after which the next one starts. Default 256 MiB. */
  shardBytes?: number;
  onProgress?: (progress: CacheProgress) => void;
}

/** What was written. */
export interface WrittenShards {
  /** File names. */
  shards: string[];
  pictures: number;
  /** Number of classes; 0 if the pictures have none. */
  classes: number;
  skipped: SkippedFile[];
}

/**
 * Writes the unmodified picture files in a reproducibly shuffled order, with their classes as
 * `.cls` (a number) and `.json` (the name), and an index beside each shard. If the source has
 * splits, they become `train-` and `test-` shards.
 * @throws ConfigError if the folder already contains tars, Error if it can't be written
 */
export async function writeShards(options: WriteShardsOptions): Promise<WrittenShards> {
  const { folder, shardBytes = 2 ** 28, onProgress = () => {} } = options;
  await expectNoTars(folder);
  const source = await resolveImageSource(options.source);
  try {
    const { files } = source, skipped = [...source.skipped], shards: string[] = [];
    const names = [...new Set(files.map(({ label }) => label))].sort();
    const classes = names.length > 1 ? new Map(names.map((name, i) => [name, i])) : undefined;
    const hasParts = files.some(({ split }) => split === "held-out");
    let done = 0, pictures = 0;
    for (const part of hasParts ? ["train", "test"] : [""]) {
      const own = files.filter(({ split }) =>
        part === "" || (split === "held-out") === (part === "test")
      );
      const order = permutation(own.length, seedFor(0, "shards"));
      const shard = new ShardWriter(folder, part === "" ? "" : `${part}-`, shardBytes);
      try {
        for (const number of order) {
          const file = own[number]!; // same length
          const bytes = await readPicture(file);
          if (bytes instanceof PictureError) {
            skipped.push({ path: file.path, reason: bytes.message });
          } else {
            await shard.add(membersOf(file, bytes, { number: pictures++, classes }));
          }
          onProgress({ done: ++done, total: files.length, skipped: skipped.length });
        }
        shards.push(...await shard.finish());
      } finally {
        await shard.close();
      }
    }
    return { shards, pictures, classes: classes?.size ?? 0, skipped };
  } finally {
    source.close();
  }
}

async function expectNoTars(folder: string): Promise<void> {
  await expectWritableFolder(folder);
  await Deno.mkdir(folder, { recursive: true });
  for await (const { name } of Deno.readDir(folder)) {
    if (!/\.tar$/i.test(name)) continue;
    throw new ConfigError(
      `Cannot write shards to ${folder}: expected a folder without any, received one that holds ` +
        `${name}. Pass another folder`,
    );
  }
}

async function readPicture(file: SourceFile): Promise<Uint8Array | PictureError> {
  try {
    expectBytes(file.bytes);
    return await file.read();
  } catch (error) {
    return error instanceof PictureError
      ? error
      : new PictureError(`can't be read: ${messageOf(error)}`);
  }
}

/** The members of a picture, whose names start with its number. */
function membersOf(
  { path, label, group }: SourceFile,
  bytes: Uint8Array,
  { number, classes }: { number: number; classes: ReadonlyMap<string, number> | undefined },
): [path: string, body: Uint8Array][] {
  const key = String(number).padStart(9, "0"), sniffed = pictureFormat(bytes);
  // A file that is not a picture is reported when it is drawn, by the reader of pictures.
  const extension = "format" in sniffed ? sniffed.format.replace("jpeg", "jpg") : "png";
  const text = (value: string) => new TextEncoder().encode(value);
  const json = JSON.stringify({ ...(classes ? { label } : {}), group, path });
  return [
    [`${key}.${extension}`, bytes],
    ...(classes ? [[`${key}.cls`, text(String(classes.get(label)))] as [string, Uint8Array]] : []),
    [`${key}.json`, text(json)],
  ];
}

/** Writes shards one after another; each is complete before it gets its name. */
class ShardWriter {
  #folder: string;
  #prefix: string;
  #most: number;
  #names: string[] = [];
  #open: { file: Deno.FsFile; path: string; bytes: number } | undefined;

  constructor(folder: string, prefix: string, most: number) {
    [this.#folder, this.#prefix, this.#most] = [folder, prefix, most];
  }

  add(members: readonly [path: string, body: Uint8Array][]): Promise<void> {
    return this.#writing(() => this.#add(members));
  }

  /** Completes the last shard; returns the names of all. */
  async finish(): Promise<string[]> {
    await this.#writing(() => this.#end());
    return this.#names;
  }

  /** Adds the folder to write errors: the error of a full disk names no path. */
  async #writing(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (cause) {
      throw new Error(
        `Cannot write shards to ${this.#folder}: expected a folder that can be written and has ` +
          `room, received ${messageOf(cause)}. The shards there are incomplete: remove them, and ` +
          `make room or pass another folder`,
        { cause },
      );
    }
  }

  async #add(members: readonly [path: string, body: Uint8Array][]): Promise<void> {
    const parts = members.map(([path, body]) => tarMember(path, body));
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    if (this.#open && this.#open.bytes + length > this.#most) await this.#end();
    if (!this.#open) {
      const path = join(this.#folder, `.tmp-${crypto.randomUUID().slice(0, 8)}`);
      this.#open = {
        path,
        bytes: 0,
        file: await Deno.open(path, { createNew: true, write: true }),
      };
    }
    for (const part of parts) await writeAll(this.#open.file, part);
    this.#open.bytes += length;
  }

  /** Removes a shard that was not completed. */
  async close(): Promise<void> {
    if (!this.#open) return;
    const { file, path } = this.#open;
    this.#open = undefined;
    file.close();
    await Deno.remove(path);
  }

  async #end(): Promise<void> {
    if (!this.#open) return;
    const { file, path } = this.#open;
    await writeAll(file, TAR_END);
    await file.sync();
    const name = `${this.#prefix}${String(this.#names.length).padStart(5, "0")}.tar`;
    const target = join(this.#folder, name), bytes = await openFileBytes(path);
    try {
      const index = await indexShard(bytes, name);
      await writeWhole(siblingIndexPath(target), encodeIndex(index));
    } finally {
      bytes.close();
    }
    await Deno.rename(path, target);
    this.#open = undefined;
    file.close();
    this.#names.push(name);
  }
}
