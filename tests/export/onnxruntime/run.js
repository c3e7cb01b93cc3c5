/** Runs a model once: a request on standard input, its results on standard output. */
import * as ort from "onnxruntime-web/wasm";

ort.env.wasm.numThreads = 1;

const { model, inputs } = await new Response(Deno.stdin.readable).json();
const session = await ort.InferenceSession.create(Uint8Array.fromBase64(model), {
  executionProviders: ["wasm"],
});
const feeds = {};
for (const [name, { type, data, shape }] of Object.entries(inputs)) {
  const values = type === "float32" ? Float32Array.from(data) : Int32Array.from(data);
  feeds[name] = new ort.Tensor(type, values, shape);
}
const results = {};
for (const [name, { data, dims }] of Object.entries(await session.run(feeds))) {
  results[name] = { data: [...data], shape: dims };
}
console.log(JSON.stringify(results));
