/**
 * An in-memory remote Deno KV for tests: the parts of the KV Connect protocol, version 2, that run
 * state needs. It supports reads by range and atomic writes with check, set and delete, but no
 * watching, so that clients poll.
 */
import { joinBytes } from "../../join_bytes.ts";

/** A running server. */
export interface KvServer extends AsyncDisposable {
  url: string;
  /** The required value of DENO_KV_ACCESS_TOKEN. */
  token: string;
}

interface Entry {
  key: Uint8Array;
  value: Uint8Array;
  encoding: bigint;
  versionstamp: Uint8Array;
}

/** Fields of a protobuf message by number: varints as they are, everything else as bytes. */
type Fields = Map<number, (bigint | Uint8Array)[]>;

/** Starts the server on a free port of this machine. */
export function serveKv(): KvServer {
  const token = crypto.randomUUID(), id = crypto.randomUUID();
  const entries: Entry[] = []; // sorted by key
  let commits = 0n;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      if (request.headers.get("authorization") !== `Bearer ${token}`) {
        return new Response("Cannot enter: expected the token of this database", { status: 401 });
      }
      const { pathname } = new URL(request.url);
      if (pathname === "/") {
        const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
        const endpoints = [{ url: "/v2", consistency: "strong" }];
        return Response.json({ version: 2, databaseId: id, endpoints, token, expiresAt });
      }
      const asked = read(new Uint8Array(await request.arrayBuffer()));
      const answer = pathname === "/v2/snapshot_read"
        ? snapshot(asked)
        : pathname === "/v2/atomic_write"
        ? write(asked)
        : undefined;
      if (!answer) return new Response(`Cannot answer ${pathname}`, { status: 404 });
      return new Response(answer, { headers: { "content-type": "application/x-protobuf" } });
    },
  );

  function snapshot(asked: Fields): Uint8Array<ArrayBuffer> {
    const ranges = messages(asked, 1).map((range) => {
      const [from, to] = [place(bytes(range, 1)).at, place(bytes(range, 2)).at];
      const found = entries.slice(from, to);
      if (number(range, 4)) found.reverse();
      return field(
        1,
        joinBytes(found.slice(0, Number(number(range, 3))).map((e) => field(1, packed(e)))),
      );
    });
    return joinBytes([...ranges, field(4, 1n), field(8, 1n)]); // strongly consistent, success
  }

  function write(asked: Fields): Uint8Array<ArrayBuffer> {
    for (const check of messages(asked, 1)) {
      const { at, isThere } = place(bytes(check, 1)), wanted = bytes(check, 2);
      const now = isThere ? entries[at]!.versionstamp : new Uint8Array(0);
      if (compare(now, wanted) !== 0) return field(1, 2n); // a check failed
    }
    const versionstamp = new Uint8Array(10);
    new DataView(versionstamp.buffer).setBigUint64(0, ++commits);
    for (const mutation of messages(asked, 2)) {
      const key = bytes(mutation, 1), { at, isThere } = place(key), kind = number(mutation, 3);
      const value = read(bytes(mutation, 2));
      if (kind === 1n) {
        const entry = { key, value: bytes(value, 1), encoding: number(value, 2), versionstamp };
        entries.splice(at, isThere ? 1 : 0, entry);
      } else if (kind === 2n && isThere) entries.splice(at, 1);
      else if (kind !== 2n) throw new Error(`Cannot mutate by ${kind}: expected set or delete`);
    }
    return joinBytes([field(1, 1n), field(2, versionstamp)]);
  }

  function place(key: Uint8Array): { at: number; isThere: boolean } {
    let low = 0, high = entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(entries[middle]!.key, key) < 0) low = middle + 1;
      else high = middle;
    }
    const found = entries[low];
    return { at: low, isThere: found !== undefined && compare(found.key, key) === 0 };
  }

  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    token,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

const packed = ({ key, value, encoding, versionstamp }: Entry) =>
  joinBytes([field(1, key), field(2, value), field(3, encoding), field(4, versionstamp)]);

function compare(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    if (a[i] !== b[i]) return a[i]! - b[i]!;
  }
  return a.length - b.length;
}

function read(message: Uint8Array): Fields {
  const fields: Fields = new Map();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n;; shift += 7n) {
      const byte = message[at++];
      if (byte === undefined) throw new Error("Cannot read a message: it is cut short");
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = Number(varint());
    const list = fields.get(tag >> 3) ?? [];
    fields.set(tag >> 3, list);
    if ((tag & 7) === 0) list.push(varint());
    else if ((tag & 7) === 2) {
      const length = Number(varint());
      list.push(message.slice(at, at += length));
    } else {throw new Error(
        `Cannot read a message: expected varints and bytes, received type ${tag & 7}`,
      );}
  }
  return fields;
}

const messages = (fields: Fields, name: number) =>
  (fields.get(name) ?? []).map((value) => read(value as Uint8Array)); // messages are bytes
const bytes = (fields: Fields, name: number) =>
  (fields.get(name)?.[0] ?? new Uint8Array(0)) as Uint8Array; // the caller names a field of bytes
/** The value of a varint. */
const number = (fields: Fields, name: number) => (fields.get(name)?.[0] ?? 0n) as bigint;

function field(name: number, value: bigint | Uint8Array): Uint8Array<ArrayBuffer> {
  return typeof value === "bigint"
    ? joinBytes([varintOf(BigInt(name << 3)), varintOf(value)])
    : joinBytes([varintOf(BigInt((name << 3) | 2)), varintOf(BigInt(value.length)), value]);
}

function varintOf(value: bigint): Uint8Array {
  const all: number[] = [];
  for (; value > 127n; value >>= 7n) all.push(Number(value & 127n) | 128);
  return Uint8Array.from([...all, Number(value)]);
}
