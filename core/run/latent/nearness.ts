/** Measures how close a generated image is to its target picture. */
import * as tf from "@tensorflow/tfjs";
import { featureDistance } from "../../features/mod.ts";
import { type HostImages, toByte } from "../../images/mod.ts";
import { psnr } from "../../metrics/mod.ts";
import type { PictureDistance } from "./picture_distance.ts";

/** Closeness of an image to its target. */
export interface Nearness {
  /** PSNR of the 8-bit images, dB. */
  psnr: number;
  /** Feature distance, see {@linkcode featureDistance}; 0 where only pixels were compared. */
  distance: number;
}

/** Uploads images as a tensor [N, R, R, C]. */
export function tensorOf({ data, shape }: HostImages): tf.Tensor4D {
  return tf.tensor4d(data, shape as [number, number, number, number]); // NHWC
}

/**
 * @param image [1, R, R, C] in [-1, 1]
 * @param picture the same
 */
export function nearnessOf(
  image: HostImages,
  picture: HostImages,
  network: PictureDistance,
): Nearness {
  const distance = tf.tidy(() => {
    const features = (of: HostImages) => network.features(tensorOf(of));
    return featureDistance(features(image), features(picture)).dataSync()[0]!; // a scalar
  });
  return { psnr: psnrOfImages(image, picture), distance };
}

/**
 * PSNR between two batches of images in 8 bits, over all pixels, dB.
 * @param a [N, R, R, C] in [-1, 1]
 * @param b the same
 */
export function psnrOfImages(a: HostImages, b: HostImages): number {
  const [count, rows, width, channels] = a.shape as [number, number, number, number]; // NHWC
  const bytes = ({ data }: HostImages) => Uint8Array.from(data, toByte);
  return psnr(bytes(a), bytes(b), { height: count * rows, width, channels });
}
