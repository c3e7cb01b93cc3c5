/** Writes protocol-buffer messages (protobuf.dev/programming-guides/encoding). */

const encoder = new TextEncoder();

/** A message under construction; fields are appended. */
export class ProtoWriter {
  #bytes = new Uint8Array(256);
  #length = 0;

  /** The bytes written so far; a view that is valid until the next write. */
  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  /** An integer, enum or bool field; negative numbers take ten bytes, as the format requires. */
  integer(field: number, value: number | bigint | boolean): this {
    this.#varint(field << 3);
    this.#varint(Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : BigInt(value));
    return this;
  }

  float(field: number, value: number): this {
    this.#varint((field << 3) | 5);
    this.#reserve(4);
    new DataView(this.#bytes.buffer).setFloat32(this.#length, value, true);
    this.#length += 4;
    return this;
  }

  /** A string, bytes or packed field. */
  data(field: number, value: string | Uint8Array): this {
    const bytes = typeof value === "string" ? encoder.encode(value) : value;
    this.#varint((field << 3) | 2);
    this.#varint(bytes.length);
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  /** A message field, written by `write`. */
  message(field: number, write: (inner: ProtoWriter) => void): this {
    const inner = new ProtoWriter();
    write(inner);
    return this.data(field, inner.bytes());
  }

  #varint(value: number | bigint): void {
    this.#reserve(10);
    if (typeof value === "bigint") {
      let rest = BigInt.asUintN(64, value);
      for (; rest > 127n; rest >>= 7n) this.#bytes[this.#length++] = Number(rest & 127n) | 128;
      this.#bytes[this.#length++] = Number(rest);
      return;
    }
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) {
      this.#bytes[this.#length++] = (rest % 128) | 128;
    }
    this.#bytes[this.#length++] = rest;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
