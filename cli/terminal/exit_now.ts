/**
 * Ends the process immediately. `Deno.exit` would run the destructors of native libraries, in which
 * TensorFlow's threads crash while a step is being computed (exit code 134 or 139).
 */
export function exitNow(code: number): never {
  if (Deno.build.os !== "windows") {
    const libc = Deno.build.os === "darwin" ? "libSystem.B.dylib" : "libc.so.6";
    Deno.dlopen(libc, { _exit: { parameters: ["i32"], result: "void" } }).symbols._exit(code);
  }
  Deno.exit(code);
}
