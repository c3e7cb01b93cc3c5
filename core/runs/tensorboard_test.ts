import assert from "node:assert/strict";
import { basename } from "node:path";
import { crc32c } from "./crc32c.ts";
import { TensorBoardWriter } from "./tensorboard.ts";
import { withFolder } from "./test_folder.ts";

type Field = { field: number; value: number | Uint8Array };

/** CRC-32C bit by bit over BigInt, from the polynomial's definition; shares nothing with the table. */
function slowCrc(bytes: Uint8Array): number {
  let crc = 0xffffffffn;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ 0x82f63b78n : crc >> 1n;
  }
  return Number(crc ^ 0xffffffffn);
}

function unmask(masked: number): number {
  const rotated = BigInt.asUintN(32, BigInt(masked) - 0xa282ead8n);
  return Number(BigInt.asUintN(32, (rotated << 15n) | (rotated >> 17n)));
}

/** The records of a TFRecord file, each checksum checked. */
function records(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = Number(view.getBigUint64(at, true));
    assert.equal(unmask(view.getUint32(at + 8, true)), slowCrc(bytes.subarray(at, at + 8)));
    const data = bytes.subarray(at + 12, at + 12 + length);
    assert.equal(unmask(view.getUint32(at + 12 + length, true)), slowCrc(data));
    found.push(data);
    at += 16 + length;
  }
  return found;
}

/** The fields of a protobuf message, by wire type. */
function fields(bytes: Uint8Array): Field[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: Field[] = [];
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n;; shift += 7n) {
      const byte = bytes[at++]!;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return Number(value);
    }
  };
  while (at < bytes.length) {
    const key = varint(), field = key >> 3, wire = key & 7;
    if (wire === 0) found.push({ field, value: varint() });
    else if (wire === 1) found.push({ field, value: view.getFloat64((at += 8) - 8, true) });
    else if (wire === 5) found.push({ field, value: view.getFloat32((at += 4) - 4, true) });
    else {
      assert.equal(wire, 2);
      const length = varint();
      found.push({ field, value: bytes.subarray(at, at += length) });
    }
  }
  return found;
}

const sub = (found: Field[], field: number) =>
  found.filter((f) => f.field === field).map((f) => f.value);
const text = (value: unknown) => new TextDecoder().decode(value as Uint8Array); // fails below if it isn't

Deno.test("crc32c() gives the published values", () => {
  // RFC 3720, B.4
  assert.equal(crc32c(new Uint8Array(32)), 0x8a9136aa);
  assert.equal(crc32c(new Uint8Array(32).fill(0xff)), 0x62a8ab43);
  assert.equal(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i)), 0x46dd794e);
  assert.equal(crc32c(new TextEncoder().encode("123456789")), 0xe3069283);
});

Deno.test("TensorBoardWriter writes events that an independent reader decodes", () =>
  withFolder(async (folder) => {
    const writer = await TensorBoardWriter.open(folder, { time: 1_700_000_000_123 });
    assert.equal(basename(writer.path), "events.out.tfevents.1700000000.cambium");
    await writer.scalars(2 ** 40 + 5, { "loss/generator": 0.5, fid: NaN }, 1_700_000_001_500);
    const png = Uint8Array.from({ length: 300 }, (_, i) => i);
    await writer.image(300, "samples", { width: 200, height: 100, channels: 3, png }, 2000);
    await writer.close();
    const events = records(await Deno.readFile(writer.path)).map(fields);
    assert.equal(events.length, 3);
    const [first, second, third] = events as [Field[], Field[], Field[]]; // just counted
    assert.deepEqual([sub(first, 1), text(sub(first, 3)[0])], [
      [1_700_000_000.123],
      "brain.Event:2",
    ]);
    assert.deepEqual([sub(second, 1), sub(second, 2)], [[1_700_000_001.5], [2 ** 40 + 5]]);
    const values = sub(fields(sub(second, 5)[0] as Uint8Array), 1).map((v) =>
      fields(v as Uint8Array)
    );
    assert.deepEqual(values.map((value) => [text(sub(value, 1)[0]), sub(value, 2)[0]]), [
      ["loss/generator", 0.5],
      ["fid", NaN],
    ]);
    const value = fields(sub(fields(sub(third, 5)[0] as Uint8Array), 1)[0] as Uint8Array);
    assert.equal(text(sub(value, 1)[0]), "samples");
    const image = fields(sub(value, 4)[0] as Uint8Array);
    assert.deepEqual([1, 2, 3].map((field) => sub(image, field)[0]), [100, 200, 3]);
    assert.deepEqual([...sub(image, 4)[0] as Uint8Array], [...png]);
  }));

Deno.test("TensorBoardWriter opens another file on resume, and says from where", () =>
  withFolder(async (folder) => {
    const time = 1_700_000_000_000;
    await (await TensorBoardWriter.open(folder, { time })).close();
    const resumed = await TensorBoardWriter.open(folder, { time, resumedAt: 640 });
    await Promise.all([1, 2, 3].map((step) => resumed.scalars(step, { loss: step })));
    await resumed.close();
    assert.equal(basename(resumed.path), "events.out.tfevents.1700000000.cambium.1");
    const events = records(await Deno.readFile(resumed.path)).map(fields);
    assert.deepEqual(events.map((event) => sub(event, 2)[0]), [0, 641, 1, 2, 3]);
    assert.deepEqual(fields(sub(events[1]!, 7)[0] as Uint8Array), [{ field: 1, value: 1 }]); // START
  }));
