/**
 * Reads Python pickles of plain data. No Python code is imported or called: names of classes and
 * functions are looked up in a table of the caller.
 */

/** Replacements of classes and functions, by "module name", e.g. "collections OrderedDict". */
export type PickleCalls = Readonly<Record<string, (args: readonly unknown[]) => unknown>>;

export interface PickleOptions {
  /** Accepted classes and functions; any other name is an error. */
  calls?: PickleCalls;
  /** Resolves a reference to an object that is stored outside the pickle. */
  persistent?(id: unknown): unknown;
  /** Applies the state of an object that a call made. Default: states are ignored. */
  build?(made: unknown, state: unknown): void;
}

/** A class or function that a pickle names. */
export interface PickledName {
  readonly pickledName: string;
}

const MARK = Symbol("mark");

/** Limit of operations: no plain data needs more, and they could exhaust memory. */
const MAX_OPERATIONS = 20_000_000;

/** The opcodes of protocols 2 to 5 that occur in plain data (see Python's pickletools). */
const OP = {
  MARK: 0x28,
  EMPTY_TUPLE: 0x29,
  STOP: 0x2e,
  BINBYTES: 0x42,
  SHORT_BINBYTES: 0x43,
  BINFLOAT: 0x47,
  BININT: 0x4a,
  BININT1: 0x4b,
  BININT2: 0x4d,
  NONE: 0x4e,
  BINPERSID: 0x51,
  REDUCE: 0x52,
  BINSTRING: 0x54,
  SHORT_BINSTRING: 0x55,
  BINUNICODE: 0x58,
  EMPTY_LIST: 0x5d,
  APPEND: 0x61,
  BUILD: 0x62,
  GLOBAL: 0x63,
  APPENDS: 0x65,
  BINGET: 0x68,
  LONG_BINGET: 0x6a,
  BINPUT: 0x71,
  LONG_BINPUT: 0x72,
  SETITEM: 0x73,
  TUPLE: 0x74,
  SETITEMS: 0x75,
  EMPTY_DICT: 0x7d,
  PROTO: 0x80,
  TUPLE1: 0x85,
  TUPLE2: 0x86,
  TUPLE3: 0x87,
  NEWTRUE: 0x88,
  NEWFALSE: 0x89,
  LONG1: 0x8a,
  SHORT_BINUNICODE: 0x8c,
  BINBYTES8: 0x8e,
  STACK_GLOBAL: 0x93,
  MEMOIZE: 0x94,
  FRAME: 0x95,
  BYTEARRAY8: 0x96,
} as const;

/**
 * Reads one pickle.
 * @param offset where it begins, bytes
 * @returns dictionaries as Maps, tuples and lists as arrays, whole numbers as numbers or bigints,
 * bytes, and Python 2's strings, as views of the file; and where the pickle ends
 * @throws SyntaxError where it is damaged, or holds more than plain data and the names in `calls`
 */
export function readPickle(
  bytes: Uint8Array,
  offset: number,
  { calls = {}, persistent, build }: PickleOptions = {},
): { value: unknown; end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const stack: unknown[] = [], memo = new Map<number, unknown>();
  let at = offset;

  function take(length: number): number {
    const from = at;
    if (length < 0 || from + length > bytes.length) throw bad("more bytes", "the file's end", at);
    at += length;
    return from;
  }
  function decode(from: number, to: number): string {
    try {
      return text.decode(bytes.subarray(from, to));
    } catch {
      throw bad("UTF-8", "other bytes", from);
    }
  }
  function pop(): unknown {
    if (stack.length === 0) throw bad("a value", "an empty stack", at);
    const value = stack.pop();
    if (value === MARK) throw bad("a value", "a mark", at);
    return value;
  }
  function popToMark(): unknown[] {
    const mark = stack.lastIndexOf(MARK);
    if (mark < 0) throw bad("a mark", "none", at);
    return stack.splice(mark).slice(1);
  }
  function top<T>(is: (value: unknown) => value is T, what: string): T {
    const value = stack.at(-1);
    if (!is(value)) throw bad(what, typeof value, at);
    return value;
  }
  function line(): string {
    const end = bytes.indexOf(0x0a, at);
    if (end < 0) throw bad("a name", "the file's end", at);
    return decode(take(end - at + 1), end);
  }
  function setItems(pairs: readonly unknown[]): void {
    if (pairs.length % 2 > 0) throw bad("keys with values", `${pairs.length} values`, at);
    const dict = top(isMap, "a dictionary");
    for (let i = 0; i < pairs.length; i += 2) dict.set(pairs[i], pairs[i + 1]);
  }
  function recall(index: number): unknown {
    if (!memo.has(index)) throw bad("a value that was kept", `number ${index}`, at);
    return memo.get(index);
  }
  function name(pickledName: string): PickledName {
    if (Object.hasOwn(calls, pickledName)) return { pickledName };
    throw bad(`a name out of ${Object.keys(calls).join(", ") || "none"}`, pickledName, at);
  }
  const raw = (length: number) => bytes.subarray(take(length), at);
  const uint8 = () => bytes[take(1)]!; // take() checked the bounds
  const uint32 = () => view.getUint32(take(4), true);

  for (let operations = 0;; operations++) {
    if (operations === MAX_OPERATIONS) throw bad("an end", `${operations} operations`, at);
    const op = uint8();
    switch (op) {
      case OP.PROTO: {
        const version = uint8();
        if (version < 2 || version > 5) throw bad("protocol 2 to 5", `${version}`, at);
        break;
      }
      case OP.FRAME: // the frame's length, not needed
        take(8);
        break;
      case OP.STOP:
        return { value: pop(), end: at };
      case OP.MARK:
        stack.push(MARK);
        break;
      case OP.NONE:
        stack.push(null);
        break;
      case OP.NEWTRUE:
      case OP.NEWFALSE:
        stack.push(op === OP.NEWTRUE);
        break;
      case OP.BININT:
        stack.push(view.getInt32(take(4), true));
        break;
      case OP.BININT1:
        stack.push(uint8());
        break;
      case OP.BININT2:
        stack.push(view.getUint16(take(2), true));
        break;
      case OP.LONG1:
        stack.push(long(bytes.subarray(take(uint8()), at)));
        break;
      case OP.BINFLOAT:
        stack.push(view.getFloat64(take(8), false));
        break;
      case OP.SHORT_BINBYTES:
      case OP.SHORT_BINSTRING:
        stack.push(raw(uint8()));
        break;
      case OP.BINBYTES:
      case OP.BINSTRING:
        stack.push(raw(uint32()));
        break;
      case OP.BINBYTES8:
      case OP.BYTEARRAY8:
        stack.push(raw(Number(view.getBigUint64(take(8), true))));
        break;
      case OP.SHORT_BINUNICODE:
      case OP.BINUNICODE: {
        const length = op === OP.BINUNICODE ? uint32() : uint8();
        const from = take(length);
        stack.push(decode(from, at));
        break;
      }
      case OP.EMPTY_TUPLE:
      case OP.EMPTY_LIST:
        stack.push([]);
        break;
      case OP.EMPTY_DICT:
        stack.push(new Map());
        break;
      case OP.TUPLE:
        stack.push(popToMark());
        break;
      case OP.TUPLE1:
      case OP.TUPLE2:
      case OP.TUPLE3: {
        const values = Array.from({ length: op - OP.TUPLE1 + 1 }, pop);
        stack.push(values.reverse());
        break;
      }
      case OP.APPEND: {
        const value = pop();
        top(Array.isArray, "a list").push(value);
        break;
      }
      case OP.APPENDS: {
        const values = popToMark(), list = top(Array.isArray, "a list");
        for (const value of values) list.push(value);
        break;
      }
      case OP.SETITEM: {
        const value = pop(), key = pop();
        setItems([key, value]);
        break;
      }
      case OP.SETITEMS:
        setItems(popToMark());
        break;
      case OP.BINPUT:
        memo.set(uint8(), stack.at(-1));
        break;
      case OP.LONG_BINPUT:
        memo.set(uint32(), stack.at(-1));
        break;
      case OP.MEMOIZE:
        memo.set(memo.size, stack.at(-1));
        break;
      case OP.BINGET:
        stack.push(recall(uint8()));
        break;
      case OP.LONG_BINGET:
        stack.push(recall(uint32()));
        break;
      case OP.GLOBAL: {
        stack.push(name(`${line()} ${line()}`));
        break;
      }
      case OP.STACK_GLOBAL: {
        const last = pop();
        stack.push(name(`${pop()} ${last}`));
        break;
      }
      case OP.REDUCE: {
        const args = pop(), callee = pop();
        if (!isName(callee) || !Array.isArray(args)) throw bad("a call", typeof callee, at);
        stack.push(calls[callee.pickledName]!(args)); // name() checked that it exists
        break;
      }
      case OP.BINPERSID:
        if (!persistent) throw bad("plain data", "an object that is stored elsewhere", at);
        stack.push(persistent(pop()));
        break;
      case OP.BUILD: {
        const state = pop(); // e.g. the version of PyTorch's state dictionary
        build?.(stack.at(-1), state);
        break;
      }
      default:
        throw bad("plain data", `opcode 0x${op.toString(16)}`, at);
    }
  }
}

const text = new TextDecoder("utf-8", { fatal: true });

const isMap = (value: unknown): value is Map<unknown, unknown> => value instanceof Map;

function isName(value: unknown): value is PickledName {
  return typeof value === "object" && value !== null && "pickledName" in value;
}

/** Decodes a little-endian two's complement integer; a bigint where a number would be inexact. */
function long(bytes: Uint8Array): number | bigint {
  let value = 0n;
  for (const [i, byte] of bytes.entries()) value |= BigInt(byte) << BigInt(8 * i);
  const signed = BigInt.asIntN(8 * bytes.length, value);
  return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
}

function bad(expected: string, received: string, at: number): SyntaxError {
  return new SyntaxError(
    `Cannot read a pickle: expected ${expected}, received ${received} at byte ${at}`,
  );
}
