/**
 * Runs exported files in onnxruntime's WebAssembly build. It is a separate process with its own
 * packages, because otherwise everyone who starts Cambium would download its 33 MB with
 * deno.lock's.
 */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

/** An input tensor. */
export interface Fed {
  data: Float32Array | Int32Array;
  shape: readonly number[];
}

/** A model's outputs; all of ours are float32. */
export type Given = Record<string, { data: Float32Array; shape: readonly number[] }>;

/** Runs a file once. */
export async function runOnnx(
  bytes: Uint8Array<ArrayBuffer>,
  inputs: Readonly<Record<string, Fed>>,
): Promise<Given> {
  const folder = new URL("onnxruntime/", import.meta.url);
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--config", "deno.json", "run.js"],
    cwd: fileURLToPath(folder),
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const fed = Object.entries(inputs).map(([name, { data, shape }]) => {
    return [name, { type: typeOf(data), data: [...data], shape }] as const;
  });
  const request = { model: bytes.toBase64(), inputs: Object.fromEntries(fed) };
  // the response has a body
  const writing = new Response(JSON.stringify(request)).body!.pipeTo(child.stdin);
  const [{ success, stdout, stderr }] = await Promise.all([child.output(), writing]);
  assert.ok(success, new TextDecoder().decode(stderr));
  const results: Record<string, { data: number[]; shape: number[] }> = JSON.parse(
    new TextDecoder().decode(stdout),
  );
  const given = Object.entries(results).map(([name, { data, shape }]) => {
    return [name, { data: Float32Array.from(data), shape }] as const;
  });
  return Object.fromEntries(given);
}

const typeOf = (data: Float32Array | Int32Array) =>
  data instanceof Float32Array ? "float32" : "int32";
