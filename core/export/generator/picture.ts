import type * as tf from "@tensorflow/tfjs";
import { unpremultiply } from "../../images/opacity.ts";

/** A picture in main memory. */
export interface Picture {
  width: number;
  height: number;
  /** 1 is greyscale, 3 RGB, 4 RGBA with premultiplied colours. */
  channels: number;
  /** [height, width, channels] in [-1, 1]. */
  values: Float32Array;
  /** For `ImageData`, [height, width, 4]. */
  rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** Reads pictures [N, H, W, C] and disposes the tensor. */
export async function picturesOf(images: tf.Tensor4D): Promise<Picture[]> {
  const [count, height, width, channels] = images.shape;
  try {
    const data = await images.data<"float32">(), size = height * width * channels;
    return Array.from({ length: count }, (_, i) => {
      const values = data.slice(i * size, (i + 1) * size);
      return { width, height, channels, values, rgba: rgbaOf(values, channels) };
    });
  } finally {
    images.dispose();
  }
}

/** Converts values in [-1, 1] to RGBA bytes; opaque unless there are four channels. */
export function rgbaOf(values: Float32Array, channels: number): Uint8ClampedArray<ArrayBuffer> {
  const pixels = values.length / channels, rgba = new Uint8ClampedArray(pixels * 4).fill(255);
  for (let i = 0; i < pixels; i++) {
    for (let c = 0; c < Math.max(3, channels); c++) {
      const value = values[i * channels + Math.min(c, channels - 1)]!; // in range
      rgba[i * 4 + c] = Math.round((value + 1) * 127.5);
    }
  }
  return channels === 4 ? new Uint8ClampedArray(unpremultiply(rgba)) : rgba;
}
