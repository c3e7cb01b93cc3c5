/**
 * TensorBoard event files without TensorFlow: TFRecord frames around `tensorflow.Event` messages
 * (tensorflow/core/util/event.proto, tensorflow/core/framework/summary.proto).
 */
import { join } from "node:path";
import { maskedCrc32c } from "./crc32c.ts";

/** A picture for TensorBoard. */
export interface EventImage {
  /** Pixels. */
  width: number;
  /** Pixels. */
  height: number;
  /** 1 gray, 3 RGB, 4 RGBA. */
  channels: 1 | 3 | 4;
  /** The file's bytes. */
  png: Uint8Array;
}

/** Options of {@linkcode TensorBoardWriter.open}. */
export interface TensorBoardOptions {
  /** Milliseconds since 1970, for the file's name and first event. Default: now. */
  time?: number;
  /** On resume: images seen by the checkpoint; TensorBoard drops what earlier files hold beyond. */
  resumedAt?: number;
}

/** Appends events to one file of a run; a resumed run opens another. */
export class TensorBoardWriter {
  /** Path of the event file. */
  readonly path: string;
  readonly #file: Deno.FsFile;
  #queue: Promise<void> = Promise.resolve();

  private constructor(path: string, file: Deno.FsFile) {
    this.path = path;
    this.#file = file;
  }

  /** Makes `<folder>/events.out.tfevents.<seconds>.cambium`; ".1" and so on follows if there is one. */
  static async open(folder: string, options: TensorBoardOptions = {}): Promise<TensorBoardWriter> {
    const { time = Date.now(), resumedAt } = options;
    // TensorBoard reads files by name: where the clock was set back, this one must still come last.
    const latest = Math.max(Math.floor(time / 1000), await latestSeconds(folder));
    const seconds = String(latest).padStart(10, "0");
    for (let attempt = 0;; attempt++) {
      const suffix = attempt ? `.${attempt}` : "";
      const path = join(folder, `events.out.tfevents.${seconds}.cambium${suffix}`);
      try {
        const file = await Deno.open(path, { write: true, createNew: true });
        const writer = new TensorBoardWriter(path, file);
        await writer.#append(event(time, 0, text(3, "brain.Event:2")));
        if (resumedAt !== undefined) {
          // SessionLog START: events of its step and later are of the history that was given up.
          await writer.#append(event(time, resumedAt + 1, message(7, varint(1, 1))));
        }
        return writer;
      } catch (error) {
        if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
      }
    }
  }

  /**
   * Appends numbers.
   * @param step images seen
   * @param values by tag, e.g. "loss/generator"
   * @param time milliseconds since 1970
   */
  scalars(
    step: number,
    values: Readonly<Record<string, number>>,
    time: number = Date.now(),
  ): Promise<void> {
    const fields = Object.entries(values).map(([tag, value]) =>
      message(1, concat(text(1, tag), float(2, value)))
    );
    return this.#append(event(time, step, message(5, concat(...fields))));
  }

  /** Appends a picture; see {@linkcode scalars}. */
  image(step: number, tag: string, picture: EventImage, time: number = Date.now()): Promise<void> {
    const { width, height, channels, png } = picture;
    const image = concat(varint(1, height), varint(2, width), varint(3, channels), message(4, png));
    const value = message(1, concat(text(1, tag), message(4, image)));
    return this.#append(event(time, step, message(5, value)));
  }

  /** Closes after what was appended before is written. */
  async close(): Promise<void> {
    await this.#queue;
    this.#file.close();
  }

  /** One TFRecord: length, its checksum, data, its checksum; little-endian. */
  #append(data: Uint8Array): Promise<void> {
    const bytes = new Uint8Array(12 + data.length + 4);
    const view = new DataView(bytes.buffer);
    view.setBigUint64(0, BigInt(data.length), true);
    view.setUint32(8, maskedCrc32c(bytes.subarray(0, 8)), true);
    bytes.set(data, 12);
    view.setUint32(12 + data.length, maskedCrc32c(data), true);
    const appended = this.#queue.then(async () => {
      for (let at = 0; at < bytes.length;) at += await this.#file.write(bytes.subarray(at));
    });
    this.#queue = appended.catch(() => {});
    return appended;
  }
}

/** The largest time among the names of a folder's event files; 0 where there is none. */
async function latestSeconds(folder: string): Promise<number> {
  let latest = 0;
  for await (const { name } of Deno.readDir(folder)) {
    const match = /^events\.out\.tfevents\.(\d+)\.cambium/.exec(name);
    if (match) latest = Math.max(latest, Number(match[1]));
  }
  return latest;
}

/** Event: wall_time 1 (double, seconds), step 2 (int64), then `what`. */
function event(time: number, step: number, what: Uint8Array): Uint8Array {
  const wallTime = new Uint8Array(9);
  wallTime[0] = 1 << 3 | 1;
  new DataView(wallTime.buffer).setFloat64(1, time / 1000, true);
  return concat(wallTime, varint(2, step), what);
}

function base128(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push(rest % 128 | 128);
  return [...bytes, rest];
}

function varint(field: number, value: number): Uint8Array {
  return Uint8Array.from([field << 3, ...base128(value)]);
}

function float(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(5);
  bytes[0] = field << 3 | 5;
  new DataView(bytes.buffer).setFloat32(1, value, true);
  return bytes;
}

function message(field: number, data: Uint8Array): Uint8Array {
  return concat(Uint8Array.from([field << 3 | 2, ...base128(data.length)]), data);
}

function text(field: number, value: string): Uint8Array {
  return message(field, new TextEncoder().encode(value));
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
