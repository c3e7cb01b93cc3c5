/** Generates shards of small pictures, each of them different. */
import { joinBytes } from "../../../core/join_bytes.ts";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import { encodeIndex } from "../../../datasets/shards/index/index_file.ts";
import { indexShard } from "../../../datasets/shards/index/shard_index.ts";
import { TAR_END, tarMember } from "../../../datasets/shards/write/tar_bytes.ts";

/** Pictures per shard. */
const PER_SHARD = 10_000;

/** Pixels a side. */
const SIDE = 16;

/**
 * Writes `count` pictures, with an index beside each shard; existing shards are kept.
 * @returns names of the shards
 */
export async function makeShards(folder: string, count: number): Promise<string[]> {
  await Deno.mkdir(folder, { recursive: true });
  const names: string[] = [];
  for (let first = 0; first < count; first += PER_SHARD) {
    const name = `${String(names.length).padStart(5, "0")}.tar`, path = join(folder, name);
    names.push(name);
    if (await Deno.stat(`${path}.idx`).then(() => true, () => false)) continue;
    const bytes = shardOf(first, Math.min(count, first + PER_SHARD));
    await Deno.writeFile(path, bytes);
    const index = await indexShard({
      size: bytes.length,
      revision: "",
      read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
      close() {},
    }, name);
    await Deno.writeFile(`${path}.idx`, encodeIndex(index));
  }
  return names;
}

function shardOf(first: number, end: number): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let n = first; n < end; n++) {
    parts.push(tarMember(`${String(n).padStart(9, "0")}.png`, pngOf(n)));
  }
  parts.push(TAR_END);
  return joinBytes(parts);
}

/** A picture whose two colours and edge depend on its number; RGB, 8 bits. */
function pngOf(n: number): Uint8Array {
  const raw = new Uint8Array(SIDE * (1 + 3 * SIDE)), edge = n % SIDE;
  for (let y = 0, i = 0; y < SIDE; y++) {
    i++; // no filter
    for (let x = 0; x < SIDE; x++, i += 3) {
      const value = x + y < edge + SIDE / 2 ? n : ~n;
      raw.set([value & 255, (value >> 8) & 255, (value >> 16) & 255], i);
    }
  }
  const header = new Uint8Array(13), view = new DataView(header.buffer);
  view.setUint32(0, SIDE);
  view.setUint32(4, SIDE);
  header.set([8, 2], 8); // 8 bits, RGB
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  const chunks = [chunk("IHDR", header), chunk("IDAT", deflateSync(raw, { level: 1 }))];
  return joinBytes([signature, ...chunks, chunk("IEND", new Uint8Array())]);
}

/** Length, type, body and checksum (PNG specification, section 5.3). */
function chunk(type: string, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + body.length), view = new DataView(bytes.buffer);
  view.setUint32(0, body.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(body, 8);
  view.setUint32(8 + body.length, crc32(bytes.subarray(4, 8 + body.length)));
  return bytes;
}
