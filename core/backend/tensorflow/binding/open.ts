/** Opens TensorFlow's shared libraries so that the process can also exit cleanly. */
import { join } from "node:path";
import { SYMBOLS, type TensorFlowSymbols } from "./symbols.ts";
import { cString, readText } from "./status.ts";

/**
 * File names of the two libraries on this platform: first the framework, on which the other
 * depends.
 */
export function libraryNames(os: typeof Deno.build.os = Deno.build.os): [string, string] {
  return os === "darwin"
    ? ["libtensorflow_framework.2.dylib", "libtensorflow_cc.2.dylib"]
    : ["libtensorflow_framework.so.2", "libtensorflow_cc.so.2"];
}

/** An opened TensorFlow. */
export interface OpenedLibrary {
  symbols: TensorFlowSymbols;
  /** e.g. "2.21.0". */
  version: string;
}

/** Thrown if the system's loader refuses a library. */
export class LibraryError extends Error {}

/**
 * Opens the libraries in `folder`.
 * @throws LibraryError if the loader refuses them
 */
export function openLibrary(folder: string): OpenedLibrary {
  const [framework, library] = libraryNames().map((name) => join(folder, name)) as [string, string];
  for (const path of PRELOADED_LIBRARIES.map((name) => join(folder, name))) {
    if (isFile(path)) pin(path);
  }
  pin(framework);
  configure(framework);
  pin(library);
  const { symbols } = Deno.dlopen(library, SYMBOLS);
  return { symbols, version: readText(symbols.TF_Version()) };
}

/**
 * CUDA libraries that are outside the search paths of TensorFlow and cuDNN; once loaded, they are
 * found by name. Without the first one no GPU is registered, without the second some convolutions
 * have no kernel.
 */
const PRELOADED_LIBRARIES = [
  "../nvidia/cusolver/lib/libcusolver.so.11",
  "../nvidia/cuda_nvrtc/lib/libnvrtc.so.12",
];

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false; // a build for processors has no CUDA
  }
}

/**
 * Loads a library that is never unloaded. At exit Deno unloads the libraries it opened while
 * TensorFlow's threads still run in them, and the process would end with a segmentation fault (exit
 * code 139). The library resolves its own symbols first (RTLD_DEEPBIND): it contains an LLVM, as
 * software Vulkan drivers do, and mixing the two crashes.
 */
function pin(path: string): void {
  const mac = Deno.build.os === "darwin";
  const now = 0x2, noDelete = mac ? 0x80 : 0x1000, ownSymbolsFirst = mac ? 0 : 0x8; // RTLD_DEEPBIND
  const libc = openLibc();
  try {
    const handle = withoutStderr(
      libc,
      () => libc.symbols.dlopen(cString(path), now | noDelete | ownSymbolsFirst),
    );
    if (handle !== null) return;
    throw new LibraryError(
      `Cannot open TensorFlow: expected a library of this system at ${path}, ` +
        `received: ${readText(libc.symbols.dlerror())}`,
    );
  } finally {
    libc.close();
  }
}

type Libc = ReturnType<typeof openLibc>;

function openLibc() {
  return Deno.dlopen(Deno.build.os === "darwin" ? "libSystem.B.dylib" : "libc.so.6", {
    dlopen: { parameters: ["buffer", "i32"], result: "pointer" },
    dlerror: { parameters: [], result: "pointer" },
    open: { parameters: ["buffer", "i32"], result: "i32" },
    dup: { parameters: ["i32"], result: "i32" },
    dup2: { parameters: ["i32", "i32"], result: "i32" },
    close: { parameters: ["i32"], result: "i32" },
  });
}

/**
 * Runs `fn` with stderr silenced: while it loads, TensorFlow prints a notice about oneDNN that no
 * setting suppresses. The loader's errors are still available from `dlerror`.
 */
function withoutStderr<T>({ symbols }: Libc, fn: () => T): T {
  const stderr = 2, writeOnly = 1;
  const devNull = symbols.open(cString("/dev/null"), writeOnly), saved = symbols.dup(stderr);
  const silent = devNull >= 0 && saved >= 0;
  if (silent) symbols.dup2(devNull, stderr);
  try {
    return fn();
  } finally {
    if (silent) symbols.dup2(saved, stderr);
    for (const descriptor of [devNull, saved]) if (descriptor >= 0) symbols.close(descriptor);
  }
}

/**
 * Makes the library log errors only: notices and warnings repeat what a thrown error says, and from
 * C, unlike from Python, TF_CPP_MIN_LOG_LEVEL does not affect Abseil's log. Also disables
 * TensorFloat-32, which would round float32 products on GPUs to 10 bits of mantissa.
 */
function configure(framework: string): void {
  const error = 2; // absl::LogSeverityAtLeast
  const { symbols } = Deno.dlopen(framework, {
    setMinLogLevel: {
      name: "_ZN4absl12lts_2025081414SetMinLogLevelENS0_18LogSeverityAtLeastE",
      parameters: ["i32"],
      result: "void",
      optional: true, // the name holds Abseil's version, so another TensorFlow may lack it
    },
    enableTensorFloat32: {
      name: "_ZN3tsl32enable_tensor_float_32_executionEb",
      parameters: ["bool"],
      result: "void",
      optional: true, // no name of the C API either
    },
  });
  symbols.setMinLogLevel?.(error);
  symbols.enableTensorFloat32?.(false);
}
