/** The ops of this TensorFlow build, parsed from its own op list. */
import { notNull } from "./status.ts";
import type { TensorFlowSymbols } from "./symbols.ts";

const OP_LIST_OP = 1, OP_NAME = 1, OP_IS_STATEFUL = 17;

/** Names of ops. */
export interface OpRegistry {
  all: ReadonlySet<string>;
  /** Ops that have side effects or draw random numbers: their OpDef says `is_stateful`. */
  stateful: ReadonlySet<string>;
}

/** Reads the op list of the loaded library. */
export function readOpRegistry(symbols: TensorFlowSymbols): OpRegistry {
  const buffer = notNull(symbols.TF_GetAllOpList(), "list TensorFlow's ops");
  try {
    // struct TF_Buffer { const void* data; size_t length; … }
    const view = new Deno.UnsafePointerView(buffer);
    const data = notNull(view.getPointer(0), "list TensorFlow's ops");
    const bytes = Deno.UnsafePointerView.getArrayBuffer(data, Number(view.getBigUint64(8)));
    return parseOpList(new Uint8Array(bytes));
  } finally {
    symbols.TF_DeleteBuffer(buffer);
  }
}

function parseOpList(bytes: Uint8Array): OpRegistry {
  const all = new Set<string>(), stateful = new Set<string>(), decoder = new TextDecoder();
  for (const op of fields(bytes)) {
    if (op.field !== OP_LIST_OP || !op.data) continue;
    let name = "", isStateful = false;
    for (const { field, data, value } of fields(op.data)) {
      if (field === OP_NAME && data) name = decoder.decode(data);
      if (field === OP_IS_STATEFUL) isStateful = value === 1;
    }
    all.add(name);
    if (isStateful) stateful.add(name);
  }
  return { all, stateful };
}

/** The fields of a protocol-buffer message, without descending into nested messages. */
function* fields(
  bytes: Uint8Array,
): Generator<{ field: number; value?: number; data?: Uint8Array }> {
  let at = 0;
  const varint = (): number => {
    let value = 0, scale = 1;
    for (;;) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
  };
  while (at < bytes.length) {
    const tag = varint(), field = Math.floor(tag / 8), wire = tag % 8;
    if (wire === 0) yield { field, value: varint() };
    else if (wire === 2) {
      const length = varint();
      yield { field, data: bytes.subarray(at, at + length) };
      at += length;
    } else at += wire === 1 ? 8 : 4;
  }
}
