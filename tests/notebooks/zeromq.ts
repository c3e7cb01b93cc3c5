/**
 * The parts of ZeroMQ's wire protocol over TCP that a client of a Jupyter kernel needs: ZMTP 3.0
 * without encryption (rfc.zeromq.org/spec/23).
 */
import { writeAll } from "../../core/write_all.ts";

/** The type that a socket announces. */
export type SocketType = "DEALER" | "SUB";

/** A connection that sends and receives multipart messages. */
export interface ZeroMqSocket {
  /** Sends one message. */
  send(frames: readonly Uint8Array[]): Promise<void>;
  /** The next message; undefined once the peer has closed. */
  receive(): Promise<Uint8Array[] | undefined>;
  /** Closes the connection. */
  close(): void;
}

const encoder = new TextEncoder();

/** Bits of a frame's first byte. */
const MORE = 1, LONG = 2, COMMAND = 4;

/** Length of a greeting: signature, version 3.0, mechanism NULL, padding. */
const GREETING_BYTES = 64;

/** Connects and performs the handshake. A SUB socket subscribes to everything. */
export async function connectZeroMq(port: number, type: SocketType): Promise<ZeroMqSocket> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const read = exactReader(connection);
  await writeAll(connection, greeting());
  if (!await read(GREETING_BYTES)) throw new Error("Cannot connect: the peer closed at once");
  await writeAll(connection, frame(COMMAND, readyCommand(type)));
  await readFrame(read); // the peer's READY
  const send = async (frames: readonly Uint8Array[]) => {
    const last = frames.length - 1;
    await writeAll(connection, joined(frames.map((body, i) => frame(i < last ? MORE : 0, body))));
  };
  if (type === "SUB") await send([Uint8Array.of(1)]); // 1 (subscribe) and an empty topic
  return {
    send,
    async receive() {
      const frames: Uint8Array[] = [];
      for (;;) {
        const next = await readFrame(read);
        if (!next) return undefined;
        if (next.flags & COMMAND) continue;
        frames.push(next.body);
        if (!(next.flags & MORE)) return frames;
      }
    },
    close: () => connection.close(),
  };
}

function greeting(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(GREETING_BYTES);
  bytes[0] = 0xff;
  bytes[9] = 0x7f;
  bytes[10] = 3; // version 3.0
  bytes.set(encoder.encode("NULL"), 12);
  return bytes;
}

/** "READY" and the property Socket-Type; names have a length of one byte, values of four. */
function readyCommand(type: SocketType): Uint8Array {
  const named = (text: string) => joined([Uint8Array.of(text.length), encoder.encode(text)]);
  const value = encoder.encode(type);
  return joined([
    named("READY"),
    named("Socket-Type"),
    Uint8Array.of(0, 0, 0, value.length),
    value,
  ]);
}

function frame(flags: number, body: Uint8Array): Uint8Array {
  if (body.length < 256) return joined([Uint8Array.of(flags, body.length), body]);
  const size = new Uint8Array(8);
  new DataView(size.buffer).setBigUint64(0, BigInt(body.length));
  return joined([Uint8Array.of(flags | LONG), size, body]);
}

async function readFrame(
  read: (length: number) => Promise<Uint8Array | undefined>,
): Promise<{ flags: number; body: Uint8Array } | undefined> {
  const [flags] = await read(1) ?? [];
  if (flags === undefined) return undefined;
  const size = await read(flags & LONG ? 8 : 1);
  if (!size) return undefined;
  const length = size.reduce((sum, byte) => sum * 256 + byte, 0);
  const body = await read(length);
  return body && { flags, body };
}

/** Reads an exact number of bytes; undefined if the stream ends before. */
function exactReader(
  connection: Deno.TcpConn,
): (length: number) => Promise<Uint8Array | undefined> {
  return async (length) => {
    const out = new Uint8Array(length);
    for (let filled = 0; filled < length;) {
      const count = await connection.read(out.subarray(filled)).catch(() => null); // closed
      if (count === null) return undefined;
      filled += count;
    }
    return out;
  };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
