/** Makes tfjs's WebAssembly backend say so where there is no memory. */
import * as tf from "@tensorflow/tfjs";

/** What is used of the module that emscripten made. */
interface WasmModule {
  _malloc(bytes: number): number;
  _free(pointer: number): void;
}

/** The largest heap that the module grows to, bytes. */
export const WASM_HEAP_MAX = 4_294_901_760;

const guarded = new WeakSet<WasmModule>();

/**
 * The backend takes any address that its allocator answers, also 0, which means that there is no
 * memory: it then writes over the module's own data, and all that it computes from there on is
 * wrong. Sizes of 4 GiB and more arrive at the allocator without their upper bits. Now both are
 * errors, thrown before anything is changed.
 */
export function refuseMissingMemory(): void {
  const { wasm } = tf.backend() as unknown as { wasm: WasmModule }; // BackendWasm's own field
  if (guarded.has(wasm)) return;
  guarded.add(wasm);
  wasm._free(wasm._malloc(8)); // the first call puts the module's own function in its place
  const allocate = wasm._malloc;
  wasm._malloc = (bytes) => {
    const address = bytes > WASM_HEAP_MAX ? 0 : allocate(bytes);
    if (address !== 0 || bytes === 0) return address;
    throw new RangeError(
      `Cannot compute on WASM: expected ${bytes} more bytes of memory, received none: out of ` +
        `memory ` +
        `(WebAssembly has 4 GiB at most). Train with smaller batches or narrower networks, or ` +
        `on TensorFlow`,
    );
  };
}
