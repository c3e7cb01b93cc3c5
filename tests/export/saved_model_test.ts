/** TensorFlow itself loads the SavedModel, and draws the same pictures as our own networks. */
import assert from "node:assert/strict";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { openCpu } from "../../core/backend/cpu.ts";
import { libraryNames, openLibrary } from "../../core/backend/tensorflow/binding/open.ts";
import { locateLibrary } from "../../core/backend/tensorflow/library/locate.ts";
import { generateFunction, recordGraph, writeSavedModel } from "../../core/export/mod.ts";
import { latentOf } from "../../core/latents/seeded.ts";
import { withFolder } from "../../core/testing/with_folder.ts";
import { writeWhole } from "../../core/write_whole.ts";
import { proganSrExports } from "../../plugins/progan_sr/exports.ts";
import { graphsOf } from "./export_writing.ts";
import { grown, LATENT_SIZE, tinyEnlarger, tinyStylegan, withoutNoise } from "./tiny_models.ts";
import { worst } from "./worst.ts";

/** TensorFlow's C API for sessions (tensorflow/c/c_api.h). */
const SESSIONS = {
  TF_NewStatus: { parameters: [], result: "pointer" },
  TF_GetCode: { parameters: ["pointer"], result: "i32" },
  TF_Message: { parameters: ["pointer"], result: "pointer" },
  TF_NewGraph: { parameters: [], result: "pointer" },
  TF_NewSessionOptions: { parameters: [], result: "pointer" },
  TF_LoadSessionFromSavedModel: {
    parameters: [
      ...["pointer", "pointer", "buffer", "buffer", "i32"] as const,
      ...["pointer", "pointer", "pointer"] as const,
    ],
    result: "pointer",
  },
  TF_GraphOperationByName: { parameters: ["pointer", "buffer"], result: "pointer" },
  TF_AllocateTensor: { parameters: ["i32", "buffer", "i32", "usize"], result: "pointer" },
  TF_TensorData: { parameters: ["pointer"], result: "pointer" },
  TF_TensorByteSize: { parameters: ["pointer"], result: "usize" },
  TF_SessionRun: {
    parameters: [
      ...["pointer", "pointer", "buffer", "buffer", "i32", "buffer", "buffer", "i32"] as const,
      ...["pointer", "i32", "pointer", "pointer"] as const,
    ],
    result: "void",
  },
} as const;

const text = (value: string) => new TextEncoder().encode(`${value}\0`);
const addressOf = (pointer: Deno.PointerValue) => BigInt(Deno.UnsafePointer.value(pointer));

/**
 * Loads a folder and runs it once; nodes are given by name, and the first output of each is used.
 */
async function runSavedModel(
  folder: string,
  inputs: Readonly<Record<string, { data: Float32Array; shape: readonly number[] }>>,
  output: string,
): Promise<Float32Array> {
  const library = await locateLibrary({});
  openLibrary(library.folder); // it stays loaded in the process
  const { symbols: c } = Deno.dlopen(join(library.folder, libraryNames()[1]), SESSIONS);
  const status = c.TF_NewStatus(), graph = c.TF_NewGraph(), options = c.TF_NewSessionOptions();
  const check = () => {
    if (c.TF_GetCode(status) === 0) return;
    throw new Error(new Deno.UnsafePointerView(c.TF_Message(status)!).getCString());
  };
  const serve = text("serve");
  const tags = BigUint64Array.of(addressOf(Deno.UnsafePointer.of(serve)));
  const session = c.TF_LoadSessionFromSavedModel(
    ...[options, null, text(folder), tags, 1, graph, null, status] as const,
  );
  check();
  /** `struct TF_Output { TF_Operation* oper; int index; }`. */
  const endpoints = (names: readonly string[]) =>
    BigUint64Array.from(names.flatMap((name) => {
      const node = c.TF_GraphOperationByName(graph, text(name));
      assert.ok(node, name);
      return [addressOf(node), 0n];
    }));
  const tensors = Object.values(inputs).map(({ data, shape }) => {
    const sides = BigInt64Array.from(shape, BigInt);
    const tensor = c.TF_AllocateTensor(1, sides, shape.length, BigInt(data.byteLength));
    const place = Deno.UnsafePointerView.getArrayBuffer(c.TF_TensorData(tensor)!, data.byteLength);
    new Float32Array(place).set(data);
    return addressOf(tensor);
  });
  const results = new BigUint64Array(1), names = Object.keys(inputs);
  c.TF_SessionRun(
    ...[session, null, endpoints(names), BigUint64Array.from(tensors), names.length] as const,
    ...[endpoints([output]), results, 1, null, 0, null, status] as const,
  );
  check();
  const result = Deno.UnsafePointer.create(results[0]!), size = c.TF_TensorByteSize(result);
  const place = Deno.UnsafePointerView.getArrayBuffer(c.TF_TensorData(result)!, Number(size));
  return new Float32Array(place).slice();
}

/** The node of a graph's only output, as saved_model.pb names it. */
function outputNode(model: Uint8Array, signature: string): string {
  const words = new TextDecoder("latin1").decode(model);
  const found = [...words.matchAll(new RegExp(`${signature}/\\w+_\\d+(?=:0)`, "g"))].at(-1);
  assert.ok(found);
  return found[0];
}

Deno.test("TensorFlow loads a StyleGAN's SavedModel and draws its pictures", () =>
  withFolder(async (folder) => {
    await openCpu();
    const drawn = grown(tinyStylegan({ architecture: "stylegan2" }), { alpha: 1 });
    const generate = await recordGraph(generateFunction(drawn), "none");
    const model = writeSavedModel({ generate });
    await writeWhole(join(folder, "saved_model.pb"), model);
    const z = Float32Array.from([...latentOf(1, LATENT_SIZE), ...latentOf(2, LATENT_SIZE)]);
    const images = await runSavedModel(folder, {
      "generate/z": { data: z, shape: [2, LATENT_SIZE] },
      "generate/truncation": { data: Float32Array.of(0.6), shape: [] },
    }, outputNode(model, "generate"));
    const { images: own } = tf.tidy(() => {
      const spec = generateFunction(drawn), latents = tf.tensor2d(z, [2, LATENT_SIZE]);
      const { images } = withoutNoise(() => spec.run({ z: latents }, { truncation: 0.6 }));
      return { images: images!.dataSync<"float32">().slice() };
    });
    assert.ok(worst(images, own) < 1 / 255);
    drawn.model.generator.remove();
    drawn.model.discriminator.remove();
  }));

Deno.test("TensorFlow loads super-resolution's SavedModel and enlarges any size", () =>
  withFolder(async (folder) => {
    await openCpu();
    const run = tinyEnlarger({ scale: 2 }), { model } = run;
    const saved = writeSavedModel(await graphsOf(proganSrExports(run), "none"));
    await writeWhole(join(folder, "saved_model.pb"), saved);
    const low = Float32Array.from({ length: 9 * 7 * 3 }, (_, i) => Math.sin(i));
    const images = await runSavedModel(folder, {
      "enlarge/low": { data: low, shape: [1, 9, 7, 3] },
    }, outputNode(saved, "enlarge"));
    const own = tf.tidy(() => {
      const high = model.enlarge(tf.tensor4d(low, [1, 9, 7, 3]), 1);
      return tf.clipByValue(high, -1, 1).dataSync<"float32">().slice();
    });
    assert.ok(worst(images, own) < 1 / 255);
    model.generator.remove();
    model.discriminator.remove();
  }));
