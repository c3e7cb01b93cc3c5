/**
 * Values of a Python pickle, so far as NumPy's arrays of arrays need them. Nothing is called: a pickle names functions, and
 * any but NumPy's own makers of arrays are refused.
 */
import { DrawingError } from "./drawing.ts";

/** An array of numbers, as the pickle has it. */
export interface PickledArray {
  shape: readonly number[];
  /** NumPy's, e.g. "<i2", "O" is a list. */
  type: string;
  /** The bytes of numbers, or what a list holds. */
  data: Uint8Array | unknown[];
}

/** What a pickle names, and what NumPy makes of it. */
class Named {
  constructor(readonly name: string) {}
}
class ArrayMaker {
  made: PickledArray | undefined;
}
class TypeMaker {
  order = "";
  constructor(readonly code: string) {}
}

const MARK = Symbol("mark");
const MOST_VALUES = 20_000_000;
const damaged = (what: string) => new DrawingError(`a pickle that can't be read: ${what}`);

/**
 * @returns what the pickle holds; arrays are {@linkcode PickledArray}, tuples and lists are lists
 * @throws DrawingError where it is damaged, or holds anything else
 */
export function unpickle(bytes: Uint8Array): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const stack: unknown[] = [],
    memo = new Map<number, unknown>(),
    latin1 = new TextDecoder("latin1");
  let at = 0, work = 0;
  const take = (count: number): number => {
    if (at + count > bytes.length) throw damaged("it ends too soon");
    at += count;
    return at - count;
  };
  const u8 = () => bytes[take(1)]!;
  const u32 = () => view.getUint32(take(4), true);
  const raw = (count: number) => {
    const from = take(count);
    return bytes.subarray(from, from + count);
  };
  const long = (count: number) => {
    const from = take(count);
    const size = count === 8 ? Number(view.getBigUint64(from, true)) : view.getUint32(from, true);
    return raw(size);
  };
  const pop = () => {
    if (stack.length === 0) throw damaged("nothing is left");
    return stack.pop();
  };
  const popMark = () => {
    const from = stack.lastIndexOf(MARK);
    if (from < 0) throw damaged("no mark");
    const items = stack.splice(from);
    return items.slice(1);
  };
  const line = () => {
    const end = bytes.indexOf(10, at);
    if (end < 0) throw damaged("it ends too soon");
    const text = latin1.decode(bytes.subarray(at, end));
    at = end + 1;
    return text;
  };
  const extend = (items: unknown[]) => {
    const list = stack.at(-1);
    if (Array.isArray(list)) { for (const item of items) list.push(item); }
    else if (!(list instanceof Map)) throw damaged("no list");
  };
  const text = (from: Uint8Array) => new TextDecoder().decode(from);
  for (;;) {
    if (++work > MOST_VALUES) throw damaged("too many values");
    const op = String.fromCharCode(u8());
    switch (op) {
      case "\x80":
        take(1); // protocol
        break;
      case "\x95":
        take(8); // frame
        break;
      case ".":
        return finished(pop());
      case "(":
        stack.push(MARK);
        break;
      case "N":
        stack.push(null);
        break;
      case "\x88":
      case "\x89":
        stack.push(op === "\x88");
        break;
      case "K":
        stack.push(u8());
        break;
      case "M":
        stack.push(view.getUint16(take(2), true));
        break;
      case "J":
        stack.push(view.getInt32(take(4), true));
        break;
      case "G":
        stack.push(view.getFloat64(take(8), false));
        break;
      case "\x8a":
        stack.push(longOf(raw(u8())));
        break;
      case "U": // Python 2's strings are bytes
      case "C":
        stack.push(raw(u8()));
        break;
      case "T":
      case "B":
        stack.push(long(4));
        break;
      case "\x8e":
        stack.push(long(8));
        break;
      case "\x8c":
        stack.push(text(raw(u8())));
        break;
      case "X":
        stack.push(text(long(4)));
        break;
      case "]":
      case ")":
        stack.push([]);
        break;
      case "}":
        stack.push(new Map());
        break;
      case "a":
        extend([pop()]);
        break;
      case "e":
        extend(popMark());
        break;
      case "s":
        pop();
        pop();
        break; // settings of a type are not needed
      case "u":
        popMark();
        break;
      case "t":
        stack.push(popMark());
        break;
      case "\x85":
        stack.push([pop()]);
        break;
      case "\x86": {
        const b = pop();
        stack.push([pop(), b]);
        break;
      }
      case "\x87": {
        const c = pop(), b = pop();
        stack.push([pop(), b, c]);
        break;
      }
      case "q":
        memo.set(u8(), stack.at(-1));
        break;
      case "r":
        memo.set(u32(), stack.at(-1));
        break;
      case "\x94":
        memo.set(memo.size, stack.at(-1));
        break;
      case "h":
        stack.push(memo.get(u8()));
        break;
      case "j":
        stack.push(memo.get(u32()));
        break;
      case "c":
        stack.push(new Named(`${line()}.${line()}`));
        break;
      case "\x93": {
        const name = pop();
        stack.push(new Named(`${pop()}.${name}`));
        break;
      }
      case "R": {
        const given = pop();
        stack.push(made(pop(), given));
        break;
      }
      case "b": {
        const state = pop();
        build(stack.at(-1), state);
        break;
      }
      default:
        throw damaged(`operation ${op.charCodeAt(0)}`);
    }
  }
}

/** What a named function of NumPy would give. */
function made(name: unknown, given: unknown): unknown {
  const [first, second, third] = Array.isArray(given) ? given : [];
  if (!(name instanceof Named)) throw damaged("a call of what is no function");
  const last = name.name.split(".").at(-1), ofNumpy = /^numpy\./.test(name.name);
  if (ofNumpy && last === "_reconstruct") return new ArrayMaker();
  if (ofNumpy && last === "dtype") return new TypeMaker(textOf(first));
  if (name.name === "_codecs.encode") {
    return Uint8Array.from(textOf(first), (character) => character.charCodeAt(0) & 255);
  }
  if (ofNumpy && last === "_frombuffer") { // protocol 5: bytes, type, shape
    const maker = new ArrayMaker();
    build(maker, [1, third, second, false, first]);
    return maker;
  }
  throw damaged(`it calls ${JSON.stringify(name.name.slice(0, 80))}`);
}

/** Gives a maker what it is made of: NumPy's `__setstate__`. */
function build(maker: unknown, state: unknown): void {
  const fields: unknown[] = Array.isArray(state) ? state : [];
  if (maker instanceof TypeMaker) maker.order = textOf(fields[1]);
  else if (maker instanceof ArrayMaker) {
    const [, shape, type, isFortran, data] = fields;
    const isShape = Array.isArray(shape) && shape.every((n) => Number.isInteger(n) && n >= 0);
    if (!isShape || !(type instanceof TypeMaker)) throw damaged("an array without a shape");
    if (!(data instanceof Uint8Array) && !Array.isArray(data)) throw damaged("an array of nothing");
    if (isFortran === true && shape.length > 1) throw damaged("an array by columns");
    const order = /^[<>]$/.test(type.order) ? type.order : "";
    maker.made = { shape: shape as number[], type: order + type.code, data }; // checked
  } else throw damaged("what is neither an array nor a type");
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return value instanceof Uint8Array ? new TextDecoder("latin1").decode(value) : "";
}

function longOf(bytes: Uint8Array): number {
  return bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
}

/** With arrays in place of their makers: the outermost, and those in its list. */
function finished(value: unknown): unknown {
  if (!(value instanceof ArrayMaker) || !value.made) return value;
  const { data } = value.made;
  return {
    ...value.made,
    data: Array.isArray(data)
      ? data.map((item) => item instanceof ArrayMaker ? item.made : item)
      : data,
  };
}
