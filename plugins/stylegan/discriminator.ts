/**
 * The discriminator: reduces an image down to 4 px and to a single score (Karras et al. 2018, table
 * 2).
 */
import {
  downsampleAverage,
  downsampleConv2d,
  equalizedConv2d,
  fromImage,
  leakyRelu,
  lerp,
  type Parameters,
  type tf,
} from "../../core/mod.ts";
import { channelsAt, type StyleganConfig } from "./config.ts";
import { scoreHead } from "./score_head.ts";

type Layer = (x: tf.Tensor4D) => tf.Tensor4D;

/** Scores images; grows by one block at a time. */
export interface Discriminator {
  /** @returns scores [N, 1] of images [N, R, R, C] and, if conditional, labels int32 [N] */
  apply(images: tf.Tensor4D, alpha: tf.Scalar | number, labels?: tf.Tensor1D): tf.Tensor2D;
  grow(resolution: number): void;
  stabilize(): void;
}

/** @param labelCount classes to condition on; 0 for none */
export function createDiscriminator(
  parameters: Parameters,
  config: StyleganConfig,
  startResolution: number,
  channels: number,
  labelCount: number,
): Discriminator {
  const at = (r: number) => parameters.scope(`${r}px`);
  const inputLayer = (r: number): Layer => {
    const layer = fromImage(at(r).scope("from_image"), {
      imageChannels: channels,
      featureChannels: channelsAt(config, r),
    });
    return (x) => leakyRelu(layer(x));
  };
  /** From `r` to `r / 2`: convolution, blur, convolution, 2×2 average pooling. */
  const block = (r: number): Layer => {
    const from = channelsAt(config, r), to = channelsAt(config, r / 2);
    const first = equalizedConv2d(at(r).scope("conv0"), { inChannels: from, outChannels: from });
    const second = downsampleConv2d(at(r).scope("conv1"), {
      inChannels: from,
      outChannels: to,
      blur: config.filter === "blur",
    });
    return (x) => leakyRelu(second(leakyRelu(first(x))));
  };

  const lower: Layer[] = []; // from the newest resolution downwards
  for (let r = startResolution; r > 4; r /= 2) lower.push(block(r));
  let enter = inputLayer(startResolution);
  let fading: { resolution: number; enter: Layer } | undefined;
  let resolution = startResolution;
  const score = scoreHead(at(4), config, labelCount);

  return {
    apply(images, alpha, labels) {
      let x = enter(images);
      lower.forEach((layer, i) => {
        x = layer(x);
        if (i === 0 && fading) {
          x = lerp(fading.enter(downsampleAverage(images)), x, alpha);
        }
      });
      return score(x, labels);
    },
    grow(next) {
      fading = { resolution, enter };
      lower.unshift(block(next));
      enter = inputLayer(next);
      resolution = next;
    },
    stabilize() {
      if (!fading) return;
      at(fading.resolution).scope("from_image").remove();
      fading = undefined;
    },
  };
}
