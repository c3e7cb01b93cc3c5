/**
 * Restricts a listening port to one address with a socket filter. TensorFlow's server always
 * listens at all addresses of a machine, and anyone who reaches it can run any op, including those
 * that read and write files. On Linux, a filter attached to the listening socket drops packets sent
 * to other addresses.
 */

/** Constants of Linux's setsockopt. */
const SOL_SOCKET = 1, SO_ATTACH_FILTER = 26;

/** The state of a listening socket in /proc/net/tcp. */
const LISTEN_STATE = "0A";

/**
 * Opcodes of classic BPF (Linux's filter.h); load offsets are relative to the network header
 * (`SKF_NET_OFF`).
 */
const LOAD_BYTE = 0x30, LOAD_WORD = 0x20, SHIFT_RIGHT = 0x74, IF_EQUAL = 0x15, RETURN = 0x06;
const NETWORK_HEADER = 0xfff00000, WHOLE_PACKET = 0xffffffff;

/** Offset of the destination address in a packet's IP header in bytes, by IP version. */
const DESTINATION_OFFSET = { 4: 16, 6: 24 } as const;

/**
 * Makes this process's sockets that listen on a port accept packets to one address only.
 * @param address IPv4 or IPv6, without a name
 * @returns false if the system does not support this: only Linux does
 * @throws Error if there is no such socket, or if the system refuses the filter
 */
export function narrowPort(port: number, address: string): boolean {
  if (Deno.build.os !== "linux") return false;
  const sockets = listeningSockets(port);
  const { symbols } = Deno.dlopen("libc.so.6", {
    setsockopt: { parameters: ["i32", "i32", "i32", "buffer", "u32"], result: "i32" },
  });
  const filter = filterFor(address);
  const program = new DataView(new ArrayBuffer(16)); // struct sock_fprog
  program.setUint16(0, filter.length / 8, true);
  const start = Deno.UnsafePointer.value(Deno.UnsafePointer.of(filter));
  program.setBigUint64(8, BigInt(start), true);
  const failed = sockets.some((socket) =>
    symbols.setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, program.buffer, 16) !== 0
  );
  if (sockets.length > 0 && !failed) return true;
  throw new Error(
    `Cannot keep port ${port} to ${address}: expected ${
      failed ? "Linux to take a filter" : "a socket that listens there, received none"
    }`,
  );
}

/** File descriptors of this process's sockets that listen on the port. */
function listeningSockets(port: number): number[] {
  const end = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const inodes = new Set(
    ["tcp", "tcp6"].flatMap((table) => Deno.readTextFileSync(`/proc/self/net/${table}`).split("\n"))
      .map((line) => line.trim().split(/\s+/))
      .filter(([, local, , state]) => local?.endsWith(end) && state === LISTEN_STATE)
      .map((columns) => `socket:[${columns[9]}]`),
  );
  return [...Deno.readDirSync("/proc/self/fd")].map(({ name }) => Number(name)).filter((fd) => {
    try {
      return inodes.has(Deno.readLinkSync(`/proc/self/fd/${fd}`));
    } catch {
      return false; // it was closed meanwhile
    }
  });
}

/** struct sock_filter[]: 8 bytes per instruction (code, jump if true, jump if false, operand). */
function filterFor(address: string): Uint8Array<ArrayBuffer> {
  const words = wordsOf(address), version = words.length === 1 ? 4 : 6;
  const drop = 3 + 2 * words.length + 1; // the last instruction
  const code: [number, number, number, number][] = [
    [LOAD_BYTE, 0, 0, NETWORK_HEADER],
    [SHIFT_RIGHT, 0, 0, 4],
    [IF_EQUAL, 0, drop - 3, version],
    ...words.flatMap((word, i): [number, number, number, number][] => [
      [LOAD_WORD, 0, 0, NETWORK_HEADER + DESTINATION_OFFSET[version] + 4 * i],
      [IF_EQUAL, 0, drop - (3 + 2 * i + 2), word],
    ]),
    [RETURN, 0, 0, WHOLE_PACKET],
    [RETURN, 0, 0, 0],
  ];
  const bytes = new DataView(new ArrayBuffer(8 * code.length));
  code.forEach(([op, yes, no, operand], i) => {
    bytes.setUint16(8 * i, op, true);
    bytes.setUint8(8 * i + 2, yes);
    bytes.setUint8(8 * i + 3, no);
    bytes.setUint32(8 * i + 4, operand, true);
  });
  return new Uint8Array(bytes.buffer);
}

/** The address as big-endian 32-bit words: one for IPv4, four for IPv6. */
function wordsOf(address: string): number[] {
  if (!address.includes(":")) {
    return [address.split(".").reduce((word, part) => word * 256 + Number(part), 0)];
  }
  const { hostname } = new URL(`http://[${address}]`); // shortest, and without IPv4 inside
  const [before = "", after] = hostname.slice(1, -1).split("::");
  const groups = (text: string) => text === "" ? [] : text.split(":").map((g) => parseInt(g, 16));
  const [head, tail] = [groups(before), groups(after ?? "")];
  const all = [...head, ...new Array<number>(8 - head.length - tail.length).fill(0), ...tail];
  return [0, 2, 4, 6].map((i) => all[i]! * 65_536 + all[i + 1]!); // eight
}
