/**
 * A plugin for the fault tests: a GAN of a few hundred weights at 4 and 8 px, which starts quickly.
 * The environment variable CAMBIUM_TINY_FAULT breaks it: "nan@IMAGES" for losses, "ruin@IMAGES" for
 * gradients, "grow@IMAGES" and "step@IMAGES" for hooks that throw, "oom@SIZE" for a step without
 * enough memory for batches of that size. With TINY_TELL, each step prints a line on standard
 * output.
 */
import * as tf from "@tensorflow/tfjs";
import { object } from "../../core/config/mod.ts";
import {
  createParameters,
  equalizedConv2d,
  equalizedDense,
  type ImageLayer,
  type Parameters,
} from "../../core/layers/mod.ts";
import { adversarialTerms } from "../../core/losses/adversarial_terms.ts";
import { downsampleAverage, leakyRelu, lerp, upsampleNearest } from "../../core/ops/mod.ts";
import { definePlugin, type Model, type StepContext } from "../../core/plugin/mod.ts";
import { randomNormal } from "../../core/random.ts";
import { tinyFault } from "./tiny_fault.ts";

const LATENT = 3, CHANNELS = 3;

interface TinyModel extends Model {
  draw(z: tf.Tensor2D, alpha: tf.Scalar | number): tf.Tensor4D;
  score(images: tf.Tensor4D): tf.Tensor;
  grow(resolution: number): void;
}

function tinyModel(seed: number): TinyModel {
  const generator = createParameters("generator", seed);
  const discriminator = createParameters("discriminator", seed);
  const conv = (parameters: Parameters, gain = 1): ImageLayer =>
    equalizedConv2d(parameters, { inChannels: CHANNELS, outChannels: CHANNELS, gain });
  const first = equalizedDense(generator.scope("4x4"), {
    inFeatures: LATENT,
    outFeatures: 16 * CHANNELS,
  });
  const last = conv(discriminator.scope("4x4"));
  const blocks: { draw: ImageLayer; judge: ImageLayer }[] = [];
  const draw = (z: tf.Tensor2D, alpha: tf.Scalar | number) => {
    let x: tf.Tensor4D = tf.reshape(first(z), [-1, 4, 4, CHANNELS]);
    blocks.forEach((block, i) => {
      const before = upsampleNearest(x), after = block.draw(leakyRelu(before));
      x = i === blocks.length - 1 ? lerp(before, after, alpha) : after;
    });
    return x; // [N, R, R, 3]
  };
  return {
    generator,
    discriminator,
    latentSize: LATENT,
    draw,
    generate: (z, { alpha }) => draw(z, alpha),
    score(images) {
      let x = images;
      for (const block of blocks) x = downsampleAverage(leakyRelu(block.judge(x)));
      return tf.mean(last(x), [1, 2, 3]); // [N]
    },
    grow(resolution) {
      const name = `${resolution}x${resolution}`;
      blocks.push({
        draw: conv(generator.scope(name)),
        judge: conv(discriminator.scope(name)),
      });
    },
  };
}

/** The current fault: its name, and the image or size from which on it applies. */
function faultNow(): { fault: string; at: number } {
  const [fault = "", at = "0"] = tinyFault.now.split("@");
  return { fault, at: Number(at) };
}

/** "disk@FROM-TO@FILE": FILE takes all space from image FROM on, and is removed from TO on. */
function fillDisk(imagesSeen: number): void {
  const [fault, range = "", file = ""] = tinyFault.now.split("@");
  if (fault !== "disk") return;
  const [from = 0, to = 0] = range.split("-").map(Number);
  if (imagesSeen === from) {
    using filler = Deno.openSync(file, { write: true, create: true });
    try {
      while (filler.writeSync(new Uint8Array(4096)) > 0);
    } catch {
      // The disk is full now.
    }
  }
  if (imagesSeen === to) Deno.removeSync(file);
}

/**
 * "signal@FOLDER": a file in FOLDER that is named by a number of images and contains a signal and a
 * rank sends the signal to the worker of that rank at that image, once. "HOLD" is not a signal: the
 * worker renames the file to "….held" and waits until it is removed.
 */
function signalWorker(imagesSeen: number): void {
  const [fault, folder = ""] = tinyFault.now.split("@");
  if (fault !== "signal") return;
  const rank = Deno.args[Deno.args.indexOf("--rank") + 1], path = `${folder}/${imagesSeen}`;
  let text = "";
  try {
    text = Deno.readTextFileSync(path);
  } catch {
    return; // nothing happens at this image
  }
  const [signal, whose] = text.split(" ");
  if (whose !== rank) return;
  if (signal === "HOLD") return hold(path);
  Deno.removeSync(path);
  Deno.kill(Deno.pid, signal as Deno.Signal); // as the test wrote it
}

function hold(path: string): void {
  const held = `${path}.held`, nothing = new Int32Array(new SharedArrayBuffer(4));
  Deno.renameSync(path, held);
  for (let i = 0; i < 600; i++) { // a minute, so that a failed test does not hold it forever
    try {
      Deno.statSync(held);
    } catch {
      return;
    }
    Atomics.wait(nothing, 0, 0, 100);
  }
}

/** Throws in the hook that CAMBIUM_TINY_FAULT names, from its image on. */
function breakIn(hook: string, imagesSeen: number): void {
  const { fault, at } = faultNow();
  if (fault === hook && imagesSeen >= at) throw new Error(`the ${hook} hook is broken`);
}

function withoutMemory({ size, network }: StepContext): void {
  const { fault, at } = faultNow();
  if (fault === "oom" && network === "generator" && size >= at) {
    throw new Error(`ResourceExhausted: OOM when allocating tensor with shape[${size},8,8,3]`);
  }
}

export default definePlugin({
  name: "tiny",
  description: "A GAN for the fault tests",
  kind: "model",
  config: object({}),
  state: () => ({ cycles: 0 }),
  build: ({ run }) => tinyModel(run.seed),
  hooks: {
    grow(context, resolution) {
      breakIn("grow", context.imagesSeen);
      context.model.grow(resolution);
    },
    inputs({ imagesSeen }) {
      const { fault, at } = faultNow();
      const now = imagesSeen >= at;
      return {
        poison: fault === "nan" && now ? 0 : 1, // 0 / 0 is NaN
        ruin: fault === "ruin" && now ? 0 : 1,
      };
    },
    losses: (context) =>
      adversarialTerms(context, {
        real: (step) => step.tensors.images,
        fake(step) {
          withoutMemory(step);
          return context.model.draw(randomNormal([step.size, LATENT]), step.alpha);
        },
        score: (images, { inputs }) =>
          tf.mul(context.model.score(images), tf.div(inputs.poison!, inputs.poison!)),
      }),
    gradients(_, gradients, { network, inputs }) {
      if (network === "discriminator") return gradients;
      const ruin = tf.div(inputs.ruin!, inputs.ruin!);
      return Object.fromEntries(
        Object.entries(gradients).map(([path, g]) => [path, tf.mul(g, ruin)]),
      );
    },
    step(context) {
      context.state.cycles++;
      if (Deno.env.has("TINY_TELL")) console.log(`step ${context.imagesSeen}`);
      fillDisk(context.imagesSeen);
      signalWorker(context.imagesSeen);
      breakIn("step", context.imagesSeen);
    },
  },
});
