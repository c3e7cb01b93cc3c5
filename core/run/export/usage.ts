/** How exports are used, for their model cards. */
import type { Graph, Size } from "../../export/graph.ts";

const sizeText = (size: Size) =>
  typeof size === "number"
    ? `${size}`
    : [...(size.times === 1 ? [] : [size.times]), ...size.of].join("·");

const MEANINGS: Readonly<Record<string, string>> = {
  z: "standard normal latents",
  truncation: "ψ: 1 draws from all, 0 the mean picture; 0.7 is usual",
  labels: "number of each picture's class",
  images: "pictures in [-1, 1], channels last",
};

function meaningOf(name: string): string {
  return MEANINGS[name] ?? (name.startsWith("noise") ? "standard normal noise map" : "");
}

/** Inputs and outputs as a table. */
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

/** Of generator.onnx. */
export function onnxUsage(graph: Graph, opset: number): string {
  const latent = graph.inputs.find(({ name }) => name === "z")?.shape[1];
  const feeds = graph.inputs.map(({ name, shape, dtype }) => {
    if (name === "truncation") return `    "truncation": np.array(0.7, np.float32),`;
    if (dtype === "int32") return `    "${name}": np.zeros(1, np.int32),`;
    const sides = shape.map((size) => typeof size === "number" ? size : 1).join(", ");
    return `    "${name}": np.random.randn(${sides}).astype(np.float32),`;
  });
  return `\`generator.onnx\`, opset ${opset}, any batch.

${signatureTable(graph)}

\`\`\`python
import numpy as np, onnxruntime
session = onnxruntime.InferenceSession("generator.onnx")
images, = session.run(None, {${latent === undefined ? "" : `  # z has ${latent} numbers`}
${feeds.join("\n")}
})
pixels = ((images + 1) * 127.5).round().astype(np.uint8)  # [N, H, W, C]
\`\`\``;
}

/** Of generator.safetensors. */
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

/** Of a folder with a page. */
export function webUsage(): string {
  return `Serve the folder by anything that serves files (\`python3 -m http.server\`) and open its
address. All is computed in the browser, on WebGPU where there is one, else on WebAssembly.

In a page or program of your own:

\`\`\`ts
import { loadGenerator } from "./generator.js";

const generator = await loadGenerator();
const { width, height, rgba } = await generator.generate({ seed: 1, truncation: 0.7 });
const canvas = document.querySelector("canvas");
Object.assign(canvas, { width, height });
canvas.getContext("2d").putImageData(new ImageData(rgba, width, height), 0, 0);
\`\`\``;
}
