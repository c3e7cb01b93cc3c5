/**
 * `tensorflow.Event` messages (tensorflow/core/util/event.proto,
 * tensorflow/core/framework/summary.proto), serialized.
 */
import { joinBytes } from "../../join_bytes.ts";

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

/** Time and step of an event. */
export interface EventTime {
  /** Milliseconds since 1970. */
  time: number;
  step: number;
}

/** The first event of a file. */
export function versionEvent(time: number): Uint8Array {
  return event({ time, step: 0 }, text(3, "brain.Event:2"));
}

/** SessionLog START: TensorBoard discards events of `step` and later in earlier files. */
export function startEvent(when: EventTime): Uint8Array {
  return event(when, message(7, varint(1, 1)));
}

/** @param values by tag, e.g. "loss/generator" */
export function scalarsEvent(
  when: EventTime,
  values: Readonly<Record<string, number>>,
): Uint8Array {
  const fields = Object.entries(values).map(([tag, value]) =>
    message(1, joinBytes([text(1, tag), float(2, value)]))
  );
  return event(when, message(5, joinBytes(fields)));
}

/** A summary of one picture. */
export function imageEvent(when: EventTime, tag: string, picture: EventImage): Uint8Array {
  const { width, height, channels, png } = picture;
  const image = joinBytes([
    varint(1, height),
    varint(2, width),
    varint(3, channels),
    message(4, png),
  ]);
  return event(when, message(5, message(1, joinBytes([text(1, tag), message(4, image)]))));
}

/** Event: wall_time 1 (double, seconds), step 2 (int64), then `what`. */
function event({ time, step }: EventTime, what: Uint8Array): Uint8Array {
  const wallTime = new Uint8Array(9);
  wallTime[0] = 1 << 3 | 1;
  new DataView(wallTime.buffer).setFloat64(1, time / 1000, true);
  return joinBytes([wallTime, varint(2, step), what]);
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
  return joinBytes([Uint8Array.from([field << 3 | 2, ...base128(data.length)]), data]);
}

function text(field: number, value: string): Uint8Array {
  return message(field, new TextEncoder().encode(value));
}
