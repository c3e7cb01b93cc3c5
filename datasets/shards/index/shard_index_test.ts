import assert from "node:assert/strict";
import { joinBytes } from "../../../core/join_bytes.ts";
import { Header, Pax } from "tar";
import type { BytesAt } from "../read/bytes_at.ts";
import { tarOf } from "../test_shards.ts";
import { TAR_END, tarMember } from "../write/tar_bytes.ts";
import { decodeIndex, decodeSummary, encodeIndex } from "./index_file.ts";
import { indexShard } from "./shard_index.ts";

const bytesOf = (bytes: Uint8Array): BytesAt => ({
  size: bytes.length,
  revision: "1",
  read: (offset, length) => Promise.resolve(bytes.slice(offset, offset + length)),
  close() {},
});
const index = (bytes: Uint8Array) => indexShard(bytesOf(bytes), "a.tar");
const text = (value: string) => new TextEncoder().encode(value);

/** A member that contains the name of the next one. */
function extension(type: "ExtendedHeader" | "NextFileHasLongPath", body: Uint8Array): Uint8Array {
  const header = new Header({ path: "x", size: body.length, type, mtime: new Date(0) });
  header.encode();
  const padded = new Uint8Array(Math.ceil(body.length / 512) * 512);
  padded.set(body);
  return joinBytes([header.block!, padded]);
}

Deno.test("an index says where each picture lies, what its class is, and what has no picture", async () => {
  const bytes = tarOf({
    "a/0.jpg": "zero",
    "a/0.cls": "4",
    "a/1.txt": "a caption",
    "a/1.cls": "5",
    "._junk.png": "x",
    "a/2.seg.png": "no picture of its own",
    "a/2.webp": "two",
    "a/3.png": "three",
    "a/3.json": "{",
  });
  const { summary, samples } = await index(bytes);
  assert.equal(summary.count, 2);
  const read = (i: number) =>
    new TextDecoder().decode(
      bytes.subarray(samples.offsets[i], samples.offsets[i]! + samples.sizes[i]!),
    );
  assert.deepEqual([read(0), read(1)], ["zero", "two"]);
  assert.deepEqual(summary.labels, [["4", 1], ["", 1]]);
  assert.deepEqual(summary.skipped, [
    { path: "a.tar/a/1", reason: "no picture, only .txt, .cls" },
    { path: "a.tar/a/3", reason: "damaged: its .json is invalid" },
  ]);
});

Deno.test("names longer than a header's are read by GNU's way and by pax", async () => {
  const long = "folder/".repeat(30), path = `${long}0.png`;
  const pax = new Pax({ path: `${long}1.png` }).encodeBody();
  const bytes = joinBytes([
    extension("NextFileHasLongPath", text(`${path}\0`)),
    tarMember(path.slice(0, 99), text("gnu")),
    tarMember("0.cls", text("1")),
    extension("ExtendedHeader", text(pax)),
    tarMember("short", text("pax")),
    extension("ExtendedHeader", text(pax.replace("1.png", "1.cls"))),
    tarMember("short", text("7")),
    TAR_END,
  ]);
  const { summary, samples } = await index(bytes);
  const read = (i: number) => bytes.slice(samples.offsets[i]!, samples.offsets[i]! + 3);
  assert.deepEqual([read(0), read(1)], [text("gnu"), text("pax")]);
  assert.deepEqual(summary.labels, [["", 1], ["7", 1]]);
});

Deno.test("of a cut or damaged shard what lies before the damage is read, and the damage named", async () => {
  const whole = tarOf({ "0.png": "zero", "1.png": "one", "2.png": "two" });
  const cut = await index(whole.slice(0, 2 * 1024 + 514));
  assert.equal(cut.summary.count, 2);
  assert.deepEqual(cut.summary.skipped, [{
    path: "a.tar",
    reason: "cut short: the file at byte 2048 extends beyond the end. The rest is skipped",
  }]);
  const damaged = Uint8Array.from(whole);
  damaged[1024 + 3] = 0x7f;
  const { summary } = await index(damaged);
  assert.equal(summary.count, 1);
  assert.match(summary.skipped[0]!.reason, /^damaged at byte 1024: no header of a tar/);
  const foreign = await index(text("no tar at all ".repeat(60)));
  assert.equal(foreign.summary.count, 0);
  assert.match(foreign.summary.skipped[0]!.reason, /^damaged at byte 0/);
});

Deno.test("a compressed shard is refused with what to do", async () => {
  await assert.rejects(index(Uint8Array.of(0x1f, 0x8b, 8, 0)), /a\.tar: .*plain tar.*gunzip/);
});

Deno.test("what is left out of one shard is named up to a number, and counted", async () => {
  const members = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`${i}.txt`, "x"]));
  const { summary } = await index(tarOf({ ...members, "x.png": "x" }));
  assert.equal(summary.skipped.length, 21);
  assert.equal(summary.skipped.at(-1)!.count, 30);
});

Deno.test("an index file gives back what was written; torn, longer or false ones are none", async () => {
  const made = await index(tarOf({ "0.png": "zero", "0.cls": "ä", "1.png": "one" }));
  const bytes = encodeIndex(made);
  assert.deepEqual(decodeIndex(bytes), made);
  assert.deepEqual(decodeSummary(bytes), made.summary);
  assert.equal(decodeIndex(bytes.slice(0, -1)), undefined);
  assert.equal(decodeIndex(joinBytes([bytes, text("x")])), undefined);
  assert.equal(decodeIndex(text(new TextDecoder().decode(bytes).replace(":1", ":9"))), undefined);
  const beyond = Uint8Array.from(bytes), start = beyond.indexOf(0x0a) + 1;
  new DataView(beyond.buffer).setFloat64(start, 1e9, true);
  assert.equal(decodeIndex(beyond), undefined);
  assert.equal(decodeIndex(new Uint8Array()), undefined);
});
