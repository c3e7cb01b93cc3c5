/**
 * Reads the weights of a file that PyTorch's `torch.save` wrote before version 1.6: pickles,
 * followed by the bytes of the storages.
 */
import { readPickle } from "../pickle.ts";

/** A float32 tensor in main memory. */
export interface HostWeights {
  shape: number[];
  data: Float32Array;
}

/** `torch.serialization.MAGIC_NUMBER` and PROTOCOL_VERSION of the legacy format. */
const MAGIC = 0x1950a86a20f9469cfc6cn, VERSION = 1001;

/** A storage whose bytes follow the pickles. */
interface Storage {
  type: string; // "torch FloatStorage"
  key: string;
  count: number;
}

/** A tensor as described by the pickle. */
interface View {
  storage: Storage;
  offset: number;
  shape: number[];
  strides: number[];
}

/**
 * The float32 tensors of a state dictionary, by name; counters (int64) are skipped.
 * @throws SyntaxError if the file has another format or is damaged
 */
export function readTorchFile(bytes: Uint8Array): Map<string, HostWeights> {
  const magic = readPickle(bytes, 0);
  if (magic.value !== MAGIC) throw bad("torch.save's form before PyTorch 1.6", "another file");
  const version = readPickle(bytes, magic.end);
  if (version.value !== VERSION) throw bad(`protocol ${VERSION}`, String(version.value));
  const system = readPickle(bytes, version.end);
  const views = readPickle(bytes, system.end, {
    calls: {
      "collections OrderedDict": () => new Map(),
      "torch._utils _rebuild_tensor_v2": viewOf,
      "torch FloatStorage": noCall,
      "torch LongStorage": noCall,
    },
    persistent: storageOf,
  });
  const keys = readPickle(bytes, views.end);
  if (!(views.value instanceof Map) || !Array.isArray(keys.value)) {
    throw bad("a dictionary of tensors and a list of storages", typeof views.value);
  }
  const tensors = new Map<string, HostWeights>();
  const places = storagesOf(bytes, keys.end, keys.value, [...views.value.values()].filter(isView));
  for (const [name, view] of views.value as Map<unknown, unknown>) {
    if (typeof name !== "string" || !isView(view)) throw bad("tensors by name", `${name}`);
    if (view.storage.type !== "torch FloatStorage") continue;
    const data = places.get(view.storage.key);
    if (!data) throw bad(`the storage of ${name}`, "none");
    tensors.set(name, { shape: view.shape, data: dataOf(view, data, name) });
  }
  return tensors;
}

/** Arguments: the persistent id ("storage", type, key, location, count, view metadata). */
function storageOf(id: unknown): Storage {
  const [kind, type, key, , count, view] = Array.isArray(id) ? id : [];
  const name = (type as { pickledName?: string } | null)?.pickledName;
  const counts = Number.isSafeInteger(count) && count >= 0;
  if (kind !== "storage" || !name || typeof key !== "string" || !counts || view !== null) {
    throw bad("a storage of its own", String(id));
  }
  return { type: name, key, count };
}

/** Arguments: storage, offset, size, stride, requires_grad, backward_hooks. */
function viewOf([storage, offset, shape, strides]: readonly unknown[]): View {
  const view = { storage, offset, shape, strides };
  if (!isView(view)) throw bad("a tensor", String(shape));
  return view;
}

function isView(value: unknown): value is View {
  const { storage, offset, shape, strides } = value as Record<string, unknown>; // each is looked at
  const whole = (x: unknown) => Number.isSafeInteger(x) && Number(x) >= 0;
  return typeof storage === "object" && storage !== null && "key" in storage && whole(offset) &&
    Array.isArray(shape) && shape.every(whole) && Array.isArray(strides) && strides.every(whole) &&
    shape.length === strides.length;
}

function noCall(): never {
  throw bad("the name of a storage's type", "a call of it");
}

/**
 * Reads storages in the order of `keys`: a count of elements (int64), then the elements,
 * little-endian.
 */
function storagesOf(
  bytes: Uint8Array,
  from: number,
  keys: readonly unknown[],
  views: readonly View[],
): Map<string, Float32Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const known = new Map(views.map(({ storage }) => [storage.key, storage]));
  const out = new Map<string, Float32Array>();
  let at = from;
  for (const key of keys) {
    const storage = known.get(String(key));
    if (!storage) throw bad("storages that tensors use", `${key}`);
    if (at + 8 > bytes.length) throw bad(`storage ${key}`, "the file's end");
    const count = Number(view.getBigInt64(at, true)), float = storage.type === "torch FloatStorage";
    const end = at + 8 + count * (float ? 4 : 8);
    if (count !== storage.count || end > bytes.length) {
      throw bad(`${storage.count} elements of storage ${key}`, `${count}`);
    }
    if (float) out.set(storage.key, new Float32Array(bytes.slice(at + 8, end).buffer));
    at = end;
  }
  return out;
}

/** The elements of a view in row-major order. */
function dataOf(view: View, storage: Float32Array, name: string): Float32Array {
  const { shape, strides, offset } = view;
  const count = shape.reduce((product, size) => product * size, 1);
  // shape and strides have the same length
  const last = shape.reduce((sum, size, i) => sum + (size - 1) * strides[i]!, offset);
  if (count > storage.length || (count > 0 && last >= storage.length)) {
    throw bad(`${name} within its storage of ${storage.length}`, `element ${last}`);
  }
  const out = new Float32Array(count), index = shape.map(() => 0);
  for (let i = 0; i < count; i++) {
    out[i] = storage[offset + index.reduce((sum, x, d) => sum + x * strides[d]!, 0)]!; // below last
    for (let d = shape.length - 1; d >= 0 && ++index[d]! === shape[d]; d--) index[d] = 0;
  }
  return out;
}

function bad(expected: string, received: string): SyntaxError {
  return new SyntaxError(
    `Cannot read PyTorch's weights: expected ${expected}, received ${received}`,
  );
}
