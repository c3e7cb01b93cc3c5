/** Small shards for tests. */
import { joinBytes } from "../../core/join_bytes.ts";
import { join } from "node:path";
import type { Dataset } from "../../core/data.ts";
import { openDataset } from "../open_dataset.ts";
import type { DatasetOptions } from "../options.ts";
import { plainPng } from "../test_images.ts";
import type { ShardSet } from "./shard_set.ts";
import { TAR_END, tarMember } from "./write/tar_bytes.ts";

/** A tar of members by path; text is UTF-8. */
export function tarOf(members: Readonly<Record<string, Uint8Array | string>>): Uint8Array {
  const parts = Object.entries(members).map(([path, body]) =>
    tarMember(path, typeof body === "string" ? new TextEncoder().encode(body) : body)
  );
  return joinBytes([...parts, TAR_END]);
}

/** A set that counts the bytes that are read from its shards. */
export function countReads(set: ShardSet): { set: ShardSet; bytesRead(): number } {
  let read = 0;
  const counted: ShardSet = {
    ...set,
    read(shard, offset, length) {
      read += length;
      return set.read(shard, offset, length);
    },
  };
  return { set: counted, bytesRead: () => read };
}

/** A picture of a single grey level. */
export const greyPng = (value: number) => plainPng({ r: value, g: value, b: value });

/**
 * Shards of grey pictures: picture n has grey level n, and class n modulo 3.
 * @returns files by name
 */
export async function greyShards(
  shards: number,
  pictures: number,
): Promise<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = {};
  for (let shard = 0, n = 0; shard < shards; shard++) {
    const members: Record<string, Uint8Array | string> = {};
    for (let i = 0; i < pictures; i++, n++) {
      members[`${String(n).padStart(4, "0")}.png`] = await greyPng(n);
      members[`${String(n).padStart(4, "0")}.cls`] = String(n % 3);
    }
    files[`${String(shard).padStart(2, "0")}.tar`] = tarOf(members);
  }
  return files;
}

/** How a test opens the shards of its folder. */
export function shardsIn(folder: string, options: Partial<DatasetOptions> = {}): DatasetOptions {
  return {
    kind: "images",
    source: `shards:${folder}`,
    cacheDir: join(folder, "cache"),
    maxResolution: 8,
    heldOut: 0,
    ...options,
  };
}

/** Runs a test on an opened data set. */
export async function withShards(
  options: DatasetOptions,
  test: (dataset: Dataset) => Promise<void>,
): Promise<void> {
  const dataset = await openDataset(options);
  try {
    await test(dataset);
  } finally {
    dataset.close();
  }
}

/** Grey levels in the next batches of a data set, with their classes if it has any. */
export async function greysOf(
  dataset: Dataset,
  { batches, ...asked }: {
    batches: number;
    cursor?: number;
    seed?: number;
    batchSize?: number;
    shuffle?: boolean;
    split?: "train" | "held-out";
    resolution?: number;
    rows?: [number, number];
  },
): Promise<{ greys: number[]; labels: number[] }> {
  const greys: number[] = [], labels: number[] = [];
  const loader = dataset.open({ resolution: 4, batchSize: 4, cursor: 0, seed: 7, ...asked });
  try {
    for (let i = 0; i < batches; i++) {
      const { images, labels: classes } = await loader.next();
      const { data, shape } = images!, size = data.length / shape[0]!; // images have both
      for (let n = 0; n < shape[0]!; n++) greys.push(Math.round((data[n * size]! + 1) * 127.5));
      labels.push(...classes?.data ?? []);
    }
  } finally {
    loader.close();
  }
  return { greys, labels };
}
