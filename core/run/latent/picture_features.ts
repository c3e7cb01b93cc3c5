/** Reads a user's pictures like the run's data, and extracts their features. */
import * as tf from "@tensorflow/tfjs";
import { createEfficientNet, efficientNetWeights, EMBEDDING_CHANNELS } from "../../features/mod.ts";
import {
  decodeSquare,
  type HostImages,
  openPicture,
  PictureError,
  readPictureFile,
} from "../../images/mod.ts";
import { messageOf } from "../../text.ts";
import type { Notices } from "../notices.ts";
import type { LoadedRun } from "../loaded_run.ts";
import { laidOnWhite } from "./picture_distance.ts";
import { RunError } from "../run_error.ts";
import type { HostMatrix } from "./directions_of.ts";

/** Name of a picture without a path in messages. */
const THE_PICTURE = "the picture";

/** The content of a picture's file. */
export interface ReadPicture {
  bytes: Uint8Array;
  /** Path as given, for messages; undefined where only bytes were given. */
  path: string | undefined;
}

/**
 * Reads a picture's file.
 * @param file its path, or its bytes
 * @throws RunError for a file that is not a picture
 */
export async function readPicture(file: string | Uint8Array): Promise<ReadPicture> {
  if (typeof file !== "string") return { bytes: file, path: undefined };
  try {
    return { bytes: await readPictureFile(file), path: file };
  } catch (cause) {
    throw asReadError(cause, file);
  }
}

/**
 * Decodes a picture like the run's data: made square by the run's --fit, on its background, with
 * its channels, at its current resolution.
 * @returns [1, R, R, C] in [-1, 1]
 * @throws RunError for a file that is not a picture
 */
export async function decodeAsData(
  run: LoadedRun,
  { bytes, path }: ReadPicture,
): Promise<HostImages> {
  const { resolution } = run;
  try {
    const picture = await openPicture(bytes);
    for (const note of picture.notesOfFirst) run.notices.log(`${path ?? THE_PICTURE}: ${note}`);
    const { pixels, channels } = await decodeSquare(picture, resolution, run.spec.data);
    return {
      data: Float32Array.from(pixels, (byte) => byte / 127.5 - 1),
      shape: [1, resolution, resolution, channels],
    };
  } catch (cause) {
    throw asReadError(cause, path);
  }
}

function asReadError(cause: unknown, path = THE_PICTURE): unknown {
  const isTold = cause instanceof PictureError || cause instanceof Deno.errors.NotFound;
  if (!isTold) return cause;
  return new RunError(`Cannot read ${path}: expected a picture, received ${messageOf(cause)}`, {
    cause,
  });
}

/** Extracts features of EfficientNet-lite0. */
export interface Embedding {
  /** @param images [N, R, R, C] in [-1, 1] */
  ofImages(images: HostImages): Promise<HostMatrix>;
  dispose(): void;
}

/**
 * EfficientNet's input size, px a side: all images are resized to it, so that they can be compared.
 */
const SIDE = 128;

/** @throws Error where the weights are not available, saying how to get them */
export async function loadEmbedding(notices: Pick<Notices, "progress">): Promise<Embedding> {
  const net = createEfficientNet(
    await efficientNetWeights({
      onProgress: ({ message, fraction }) => notices.progress(message, fraction),
    }),
  );
  return {
    async ofImages({ data, shape }) {
      const rows = tf.tidy(() => {
        const images = tf.tensor4d(data, shape as [number, number, number, number]); // NHWC
        return net.embed(tf.image.resizeBilinear(laidOnWhite(images), [SIDE, SIDE]));
      });
      try {
        return { data: await rows.data<"float32">(), rows: shape[0]!, columns: EMBEDDING_CHANNELS };
      } finally {
        rows.dispose();
      }
    },
    dispose: () => net.dispose(),
  };
}

/** Features of pictures, one row each. */
export async function embedPictures(
  run: LoadedRun,
  embedding: Embedding,
  paths: readonly string[],
): Promise<HostMatrix> {
  const data = new Float32Array(paths.length * EMBEDDING_CHANNELS);
  for (const [i, path] of paths.entries()) { // one by one, to bound memory
    const row = await embedding.ofImages(await decodeAsData(run, await readPicture(path)));
    data.set(row.data, i * EMBEDDING_CHANNELS);
  }
  return { data, rows: paths.length, columns: EMBEDDING_CHANNELS };
}
