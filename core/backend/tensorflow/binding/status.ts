/** TensorFlow's error reporting: a `TF_Status` that is checked after every call. */
import type { TensorFlowSymbols } from "./symbols.ts";

/** A `TF_Status` and its accessors. */
export interface Status {
  readonly pointer: Deno.PointerObject;
  /** The error message of the last call; undefined if it succeeded. */
  error(): string | undefined;
  /** @throws Error "Cannot <action>: TensorFlow says …" if the last call failed */
  check(action: string): void;
  delete(): void;
}

/** Creates a status. Each thread that makes calls needs its own. */
export function createStatus(symbols: TensorFlowSymbols): Status {
  const pointer = notNull(symbols.TF_NewStatus(), "make a TF_Status");
  const error = (): string | undefined => {
    if (symbols.TF_GetCode(pointer) === 0) return undefined;
    return readText(symbols.TF_Message(pointer));
  };
  return {
    pointer,
    error,
    check(action) {
      const message = error();
      if (message !== undefined) throw new Error(`Cannot ${action}: TensorFlow says: ${message}`);
    },
    delete: () => symbols.TF_DeleteStatus(pointer),
  };
}

/** Reads the zero-terminated string at `pointer`. */
export function readText(pointer: Deno.PointerValue): string {
  return pointer === null ? "" : Deno.UnsafePointerView.getCString(pointer);
}

/**
 * Asserts that TensorFlow returned a pointer.
 * @throws Error if it is null
 */
export function notNull(pointer: Deno.PointerValue, action: string): Deno.PointerObject {
  if (pointer !== null) return pointer;
  throw new Error(`Cannot ${action}: expected a pointer from TensorFlow, received null`);
}

const encoder = new TextEncoder();
const texts = new Map<string, Uint8Array<ArrayBuffer>>();

/**
 * `text` as a zero-terminated C string. Strings are cached, because the names of ops and attributes
 * repeat.
 */
export function cString(text: string): Uint8Array<ArrayBuffer> {
  let bytes = texts.get(text);
  if (!bytes) {
    bytes = encoder.encode(text + "\0");
    texts.set(text, bytes);
  }
  return bytes;
}
