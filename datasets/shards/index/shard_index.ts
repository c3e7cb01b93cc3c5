/** The index of a shard: the position of each picture, and its label. */
import { createHash } from "node:crypto";
import { basename } from "node:path";
import type { SkippedFile } from "../../../core/data.ts";
import { expectBytes, isSystemFile, PictureError } from "../../../core/images/mod.ts";
import { seedFor } from "../../../core/random.ts";
import { printableLine } from "../../../core/text.ts";
import type { BytesAt } from "../read/bytes_at.ts";
import { labelOf, type LabelText, MAX_LABEL_BYTES } from "./label_members.ts";
import { TarDamage, type TarMember, tarMembers } from "./tar_members.ts";

/** The summary of a shard; a data set keeps it for all shards. */
export interface ShardSummary {
  /** Bytes of the tar. */
  size: number;
  /** Number of pictures. */
  count: number;
  /** Class names with their numbers of pictures, in order of first occurrence; "" means none. */
  labels: [name: string, count: number][];
  /** SHA-256 of the headers of all members and the bytes of labels, but not of pictures. */
  digest: string;
  /** What is skipped; at most {@linkcode MAX_NAMED} items are named. */
  skipped: SkippedFile[];
}

/** A shard's pictures in order; each array has `count` elements. */
export interface ShardSamples {
  /** Offset of a picture's first byte in the tar. */
  offsets: Float64Array;
  /** In bytes. */
  sizes: Uint32Array;
  /** Indices into the summary's `labels`. */
  labels: Uint32Array;
  /** A hash of each picture's group, which determines the split if there are few shards. */
  groups: Uint32Array;
}

/** Summary and samples. */
export interface ShardIndex {
  summary: ShardSummary;
  samples: ShardSamples;
}

/** Number of skipped items per shard that are listed; further ones are counted. */
const MAX_NAMED = 20;

/** Extensions of pictures. */
const PICTURE = /^(png|jpe?g|webp|gif|tiff?|avif|bmp)$/i;

/** The members of a sample, which are adjacent and have the same name up to the first dot. */
interface SampleMembers {
  key: string;
  picture?: TarMember;
  label: LabelText;
  extensions: string[];
}

/**
 * Reads a shard's headers and labels.
 * @param name of the shard, for skipped items
 * @throws Error if it can't be read, or is not a tar from its first byte on
 */
export async function indexShard(bytes: BytesAt, name: string): Promise<ShardIndex> {
  await expectTar(bytes, name);
  const collector = new SampleCollector(name), hash = createHash("sha256");
  let gathered: SampleMembers | undefined;
  try {
    for await (const member of tarMembers(bytes, isLabel)) {
      hash.update(member.header).update(member.body ?? "");
      const { key, extension } = partsOf(member.path);
      if (isSystemFile(basename(member.path))) continue;
      if (gathered?.key !== key) {
        if (gathered) collector.take(gathered);
        gathered = { key, label: {}, extensions: [] };
      }
      gathered.extensions.push(extension);
      if (PICTURE.test(extension)) gathered.picture ??= member;
      else if (member.body) gathered.label[extension as keyof LabelText] = member.body;
    }
    if (gathered) collector.take(gathered);
  } catch (error) {
    if (!(error instanceof TarDamage)) throw error;
    if (gathered) collector.take(gathered);
    collector.skip("", `${error.message}. The rest is skipped`);
  }
  return collector.finish(bytes.size, hash.digest("hex"));
}

/** Labels are read together with the headers; larger files are ignored. */
function isLabel(path: string, size: number): boolean {
  return /^(cls|json)$/.test(partsOf(path).extension) && size <= MAX_LABEL_BYTES;
}

/** Splits a name as WebDataset does: at the first dot of the last path component. */
function partsOf(path: string): { key: string; extension: string } {
  const dot = path.indexOf(".", path.lastIndexOf("/") + 2); // a name may begin with one
  return dot < 0
    ? { key: path, extension: "" }
    : { key: path.slice(0, dot), extension: path.slice(dot + 1).toLowerCase() };
}

async function expectTar(bytes: BytesAt, name: string): Promise<void> {
  const head = await bytes.read(0, Math.min(4, bytes.size));
  const is = (...values: number[]) => values.every((value, i) => head[i] === value);
  if (is(0x1f, 0x8b) || is(0x28, 0xb5, 0x2f, 0xfd) || is(0x42, 0x5a, 0x68)) {
    throw new Error(
      `Cannot read ${name}: expected a plain tar, received a compressed one, which can't be ` +
        "read from its middle. Unpack it (gunzip); pictures hardly shrink by it",
    );
  }
}

/** Collects samples into growing arrays. */
class SampleCollector {
  #name: string;
  #offsets: number[] = [];
  #sizes: number[] = [];
  #labels: number[] = [];
  #groups: number[] = [];
  #classes = new Map<string, { number: number; count: number }>();
  #skipped: SkippedFile[] = [];
  #more = 0;

  constructor(name: string) {
    this.#name = name;
  }

  take({ key, picture, label, extensions }: SampleMembers): void {
    if (!picture) {
      return this.skip(key, `no picture, only ${extensions.map((e) => `.${e}`).join(", ")}`);
    }
    const found = labelOf(label), reason = "reason" in found ? found.reason : tooLarge(picture);
    if (reason !== undefined || "reason" in found) return this.skip(key, reason ?? "");
    const known = this.#classes.get(found.label) ?? { number: this.#classes.size, count: 0 };
    known.count++;
    this.#classes.set(found.label, known);
    this.#offsets.push(picture.offset);
    this.#sizes.push(picture.size);
    this.#labels.push(known.number);
    this.#groups.push(seedFor(0, `held-out:${found.group ?? key}`)[0]);
  }

  skip(key: string, reason: string): void {
    if (this.#skipped.length >= MAX_NAMED) this.#more++;
    else {
      const path = printableLine(key === "" ? this.#name : `${this.#name}/${key}`).slice(0, 300);
      this.#skipped.push({ path, reason });
    }
  }

  finish(size: number, digest: string): ShardIndex {
    const reason = "others of this shard";
    const more = this.#more > 0 ? [{ path: this.#name, reason, count: this.#more }] : [];
    return {
      summary: {
        size,
        count: this.#offsets.length,
        labels: [...this.#classes].map(([name, { count }]) => [name, count]),
        digest,
        skipped: [...this.#skipped, ...more],
      },
      samples: {
        offsets: Float64Array.from(this.#offsets),
        sizes: Uint32Array.from(this.#sizes),
        labels: Uint32Array.from(this.#labels),
        groups: Uint32Array.from(this.#groups),
      },
    };
  }
}

function tooLarge({ size }: TarMember): string | undefined {
  try {
    expectBytes(size);
    return undefined;
  } catch (error) {
    if (error instanceof PictureError) return error.message;
    throw error;
  }
}
