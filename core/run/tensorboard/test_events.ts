/** An independent reader of event files, for tests. */
import assert from "node:assert/strict";

/** A field of a protobuf message. */
export type Field = { field: number; value: number | Uint8Array };

/**
 * CRC-32C bit by bit over BigInt, from the polynomial's definition; shares nothing with the table.
 */
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
export function records(bytes: Uint8Array): Uint8Array[] {
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
export function fields(bytes: Uint8Array): Field[] {
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

/** The values of one field. */
export const sub = (found: Field[], field: number) =>
  found.filter((f) => f.field === field).map((f) => f.value);
/** A string field. */
// the decoder throws if it is not bytes
export const text = (value: unknown) => new TextDecoder().decode(value as Uint8Array);
