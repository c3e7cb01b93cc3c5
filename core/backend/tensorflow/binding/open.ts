/** Opens TensorFlow's shared libraries in a folder so that the process can also end cleanly. */
import { join } from "node:path";
import { SYMBOLS, type TensorFlowSymbols } from "./symbols.ts";
import { cString, readText } from "./status.ts";

/** Names of the two libraries on this platform: the framework first, which the other needs. */
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

/** The system's loader refuses a library. */
export class LibraryError extends Error {}

/**
 * Opens the libraries in `folder`.
 * @throws LibraryError if the loader refuses them
 */
export function openLibrary(folder: string): OpenedLibrary {
  const [framework, library] = libraryNames().map((name) => join(folder, name)) as [string, string];
  for (const path of NOT_FOUND_BY_ITSELF.map((name) => join(folder, name))) {
    if (isFile(path)) pin(path);
  }
  pin(framework);
  configure(framework);
  pin(library);
  const { symbols } = Deno.dlopen(library, SYMBOLS);
  return { symbols, version: readText(symbols.TF_Version()) };
}

/**
 * TensorFlow and cuDNN find CUDA's libraries by the search paths inside their own, which lack
 * these; once loaded, they are found by name. Without the first one no GPU is registered, without
 * the second some convolutions have no kernel.
 */
const NOT_FOUND_BY_ITSELF = [
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
 * Keeps a library in the process for good. Deno unloads what it opened at exit while TensorFlow's
 * threads still run in it, and the process would end with a segmentation fault (code 139). Its
 * symbols stay its own: it carries an LLVM, and so do software Vulkan drivers; mixed, they crash.
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
 * While it is loaded, TensorFlow writes a notice about oneDNN to the terminal which no setting
 * stops; the loader's errors come by `dlerror`.
 */
function withoutStderr<T>({ symbols }: Libc, fn: () => T): T {
  const stderr = 2, writeOnly = 1;
  const nowhere = symbols.open(cString("/dev/null"), writeOnly), saved = symbols.dup(stderr);
  const silent = nowhere >= 0 && saved >= 0;
  if (silent) symbols.dup2(nowhere, stderr);
  try {
    return fn();
  } finally {
    if (silent) symbols.dup2(saved, stderr);
    for (const descriptor of [nowhere, saved]) if (descriptor >= 0) symbols.close(descriptor);
  }
}

/**
 * Leaves errors on the terminal, and drops notices and the warnings that only repeat what a thrown
 * error says: from C, unlike from Python, TF_CPP_MIN_LOG_LEVEL does not reach Abseil's log. And
 * float32 is float32 on GPUs, too, whose products would else be rounded to TensorFloat-32's 10
 * bits.
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
