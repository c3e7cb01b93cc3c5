/** Makes tfjs's WebAssembly backend report when it runs out of memory. */
import * as tf from "@tensorflow/tfjs";

/** The parts of emscripten's module that are used here. */
interface WasmModule {
  _malloc(bytes: number): number;
  _free(pointer: number): void;
}

/** The largest heap of the module, in bytes. */
export const WASM_HEAP_MAX = 4_294_901_760;

const guarded = new WeakSet<WasmModule>();

/**
 * Makes failed allocations throw before anything is changed. The backend accepts any address that
 * its allocator returns, including 0, which means that there is no memory: it would overwrite the
 * module's own data, and all later results would be wrong. Sizes of 4 GiB and more reach the
 * allocator without their upper bits.
 */
export function refuseMissingMemory(): void {
  const { wasm } = tf.backend() as unknown as { wasm: WasmModule }; // BackendWasm's own field
  if (guarded.has(wasm)) return;
  guarded.add(wasm);
  wasm._free(wasm._malloc(8)); // the first call replaces a stub by the module's own function
  const allocate = wasm._malloc;
  wasm._malloc = (bytes) => {
    const address = bytes > WASM_HEAP_MAX ? 0 : allocate(bytes);
    if (address !== 0 || bytes === 0) return address;
    throw new RangeError(
      `Cannot compute on WASM: expected ${bytes} more bytes of memory, received none: out of ` +
        `memory (WebAssembly has 4 GiB at most). Train with smaller batches or narrower ` +
        `networks, or on TensorFlow`,
    );
  };
}
