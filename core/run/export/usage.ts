/** Usage sections of the model cards. */
import type { Graph, Size } from "../../export/graph.ts";

const sizeText = (size: Size) =>
  typeof size === "number"
    ? `${size}`
    : [...(size.times === 1 ? [] : [size.times]), ...size.of].join("·");

const MEANINGS: Readonly<Record<string, string>> = {
  z: "standard normal latents",
  truncation: "ψ: 1 draws from all, 0 the mean picture; 0.7 is usual",
  labels: "number of each picture's class",
  low: "pictures to enlarge, in [-1, 1], channels last",
  images: "pictures in [-1, 1], channels last",
  partial: "drawings in [-1, 1], ink is 1",
  whole: "whole drawings in [-1, 1], ink is 1",
  crop: "drawings around the part's box in [-1, 1], ink is 1",
  box: "centre x, centre y, width and height of the part, in [0, 1]",
  code: "of whole drawings, by `plan`",
  box_logits: "of the components of the box's density",
  box_means: "of centre x, centre y, ln width, ln height",
  box_sigmas: "standard deviations of the same",
  end: "how likely the drawing ends with the part",
  part: "what is drawn next, as the drawings",
  merged: "drawings with their new part",
  logits: "how likely each class is to come next",
};

function meaningOf(name: string): string {
  return MEANINGS[name] ?? (name.startsWith("noise") ? "standard normal noise map" : "");
}

/** Whether an input holds values in [-1, 1]. */
function isBounded(name: string): boolean {
  return meaningOf(name).includes("in [-1, 1]");
}

/** Inputs and outputs as a Markdown table. */
export function signatureTable(graph: Graph): string {
  const outputs = Object.entries(graph.outputs).map(([name, value]) => {
    const type = graph.nodes.flatMap((node) => node.outputs).find((one) => one.name === value);
    return { name, dtype: type?.dtype ?? "float32", shape: type?.shape ?? [] };
  });
  const row = (way: string) => ({ name, dtype, shape }: typeof outputs[number]) =>
    `| ${way} | \`${name}\` | ${dtype} [${shape.map(sizeText).join(", ")}] | ${meaningOf(name)} |`;
  return [
    "| | name | type | |",
    "|---|---|---|---|",
    ...graph.inputs.map(row("in")),
    ...outputs.map(row("out")),
  ].join("\n");
}

/** Example value of a dimension that is free. */
const EXAMPLE_SIDE = 64;

/** Usage of an ONNX file. */
export function onnxUsage(graph: Graph, file: string, opset: number): string {
  const feeds = graph.inputs.map(({ name, shape, dtype }) => {
    if (name === "truncation") return `    "truncation": np.array(0.7, np.float32),`;
    if (dtype === "int32") return `    "${name}": np.zeros(1, np.int32),`;
    const sides = shape.map(exampleSize).join(", ");
    const draw = isBounded(name)
      ? `np.random.uniform(-1, 1, [${sides}])`
      : `np.random.randn(${sides})`;
    return `    "${name}": ${draw}.astype(np.float32),`;
  });
  const outputs = Object.keys(graph.outputs);
  return `\`${file}\`, opset ${opset}.

${signatureTable(graph)}

\`\`\`python
import numpy as np, onnxruntime
session = onnxruntime.InferenceSession("${file}")
${outputs.join(", ")}${outputs.length === 1 ? "," : ""} = session.run(None, {
${feeds.join("\n")}
})
\`\`\``;
}

function exampleSize(size: Size): number {
  if (typeof size === "number") return size;
  return size.of[0] === "N" ? 1 : EXAMPLE_SIDE;
}

/** Usage of a SavedModel with its signatures. */
export function savedModelUsage(graphs: Readonly<Record<string, Graph>>): string {
  const [main = "", graph] = Object.entries(graphs)[0] ?? [];
  const feeds = (graph?.inputs ?? []).map(({ name, shape, dtype }) => {
    if (name === "truncation") return "    truncation=tf.constant(0.7),";
    const sides = shape.map(exampleSize).join(", ");
    if (dtype === "int32") return `    ${name}=tf.zeros([${sides}], tf.int32),`;
    return `    ${name}=tf.random.${
      isBounded(name) ? `uniform([${sides}], -1, 1)` : `normal([${sides}])`
    },`;
  });
  const tables = Object.entries(graphs).map(([name, graph]) =>
    `Signature \`${name}\`:\n\n${signatureTable(graph)}`
  );
  return `${tables.join("\n\n")}

\`serving_default\` is \`${main}\`. The weights are constants of the graph.

\`\`\`python
import tensorflow as tf
model = tf.saved_model.load(".")
result = model.signatures["${main}"](
${feeds.join("\n")}
)
\`\`\``;
}

/** Usage of generator.safetensors. */
export function safetensorsUsage(count: number): string {
  return `\`generator.safetensors\` holds ${count} arrays, float32, named by their layers.
Convolutions are [height, width, in, out], dense layers [in, out]. Layers with an equalized
learning rate scale their weights when they run (Karras et al. 2018, section 4.1): the file has
them unscaled, as they trained. \`config.json\` has the options that the networks were built of.

\`\`\`python
from safetensors.numpy import load_file
weights = load_file("generator.safetensors")
\`\`\``;
}

/** Usage of a folder with a page, by the kind of its generator. */
export function webUsage(kind: keyof typeof EXAMPLES): string {
  return `Serve the folder by anything that serves files (\`python3 -m http.server\`) and open its
address. All is computed in the browser, on WebGPU where there is one, else on WebAssembly.

In a page of your own:

\`\`\`ts
${EXAMPLES[kind]}
const canvas = document.querySelector("canvas")!;
Object.assign(canvas, { width, height });
canvas.getContext("2d")!.putImageData(new ImageData(rgba, width, height), 0, 0);
\`\`\``;
}

const EXAMPLES = {
  latents: `import { loadGenerator } from "./generator.js";

const generator = await loadGenerator();
const { rgba, width, height } = await generator.generate({ seed: 1, truncation: 0.7 });`,
  enlarge: `import { loadEnlarger } from "./generator.js";

const enlarger = await loadEnlarger();
const { rgba, width, height } = await enlarger.enlarge(picture); // an ImageData`,
  complete: `import { loadCompleter } from "./generator.js";

const completer = await loadCompleter();
const [{ rgba, width, height }] = await completer.complete(ink, { seeds: [1] });`,
};
