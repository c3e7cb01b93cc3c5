/** Curves in the browser: columns that grow at the end, with a version. */
import type { SeriesColumns } from "../../core/run/store/types.ts";
import type { SeriesDelta } from "./wire.ts";

/** Growing columns; views that were returned stay valid until the next `append`. */
export class SeriesBuffer {
  #length = 0;
  #images = new Float64Array(0);
  #time = new Float64Array(0);
  #values = new Map<string, Float32Array>();
  /** Sent to the server to get newer points. */
  cursor = "";
  /** Increases with every change. */
  version = 0;

  get length(): number {
    return this.#length;
  }

  get imagesSeen(): Float64Array {
    return this.#images.subarray(0, this.#length);
  }

  /** ms since 1970 */
  get time(): Float64Array {
    return this.#time.subarray(0, this.#length);
  }

  get names(): string[] {
    return [...this.#values.keys()];
  }

  /** Values of a series; NaN where it has none, and everywhere for an unknown name. */
  column(name: string): Float32Array {
    const column = this.#values.get(name) ?? this.#add(name);
    return column.subarray(0, this.#length);
  }

  /** The newest finite value of a series. */
  latest(name: string): number | null {
    const column = this.#values.get(name);
    for (let i = this.#length - 1; column && i >= 0; i--) {
      if (Number.isFinite(column[i]!)) return column[i]!;
    }
    return null;
  }

  /** Appends points; those at or before the last point are dropped, because x must ascend. */
  append(delta: SeriesDelta | SeriesColumns): void {
    this.cursor = delta.cursor;
    const { imagesSeen, time, values } = delta;
    const last = this.#length > 0 ? this.#images[this.#length - 1]! : -Infinity;
    let from = 0;
    while (from < imagesSeen.length && imagesSeen[from]! <= last) from++;
    const count = imagesSeen.length - from;
    if (count === 0) return;
    this.#reserve(this.#length + count);
    const at = this.#length;
    for (let i = 0; i < count; i++) {
      this.#images[at + i] = imagesSeen[from + i]!;
      this.#time[at + i] = time[from + i]!;
    }
    for (const [name, column] of Object.entries(values)) {
      const target = this.#values.get(name) ?? this.#add(name);
      for (let i = 0; i < count; i++) target[at + i] = column[from + i] ?? NaN;
    }
    this.#length += count;
    this.version++;
  }

  #add(name: string): Float32Array {
    const column = new Float32Array(this.#images.length).fill(NaN);
    this.#values.set(name, column);
    return column;
  }

  #reserve(length: number): void {
    if (length <= this.#images.length) return;
    const capacity = Math.max(1024, length, this.#images.length * 2);
    const grow = <T extends Float32Array | Float64Array>(old: T, fresh: T): T => {
      fresh.fill(NaN).set(old);
      return fresh;
    };
    this.#images = grow(this.#images, new Float64Array(capacity));
    this.#time = grow(this.#time, new Float64Array(capacity));
    for (const [name, column] of this.#values) {
      this.#values.set(name, grow(column, new Float32Array(capacity)));
    }
  }
}
