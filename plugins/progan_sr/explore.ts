/** The dashboard's Explore page: enlarges a small picture. */
import { defineExplore, type OpenedRun, openPicture, PictureError } from "../../core/mod.ts";
import type { ProganSrModel } from "./model.ts";
import { enlargerOf } from "./upscale/command.ts";
import type { Frame } from "./upscale/picture.ts";
import { automaticSide } from "./upscale/tiles.ts";
import { upscale } from "./upscale/upscale.ts";

/** Longest side that is enlarged while a user waits, px. */
const MAX_SIDE = 512;

export const proganSrExplore = defineExplore({
  title: "Enlarge an image",
  pictures: "Enlarged",
  controls: ({ model, context }: OpenedRun<ProganSrModel>) => ({
    picture: {
      kind: "image",
      label: "Drop an image",
      side: context.phase.resolution / model.scale, // the input size that it was trained on
    },
  }),
  async draw(run, { picture }) {
    const network = enlargerOf(run);
    const { color } = await upscale(await decode(picture), network, {
      scale: network.scale,
      side: automaticSide(Number(run.context.config.channels), network.scale),
    });
    const { data, width, height, channels } = color;
    return {
      data: Float32Array.from(data, (v) => v / 127.5 - 1),
      shape: [1, height, width, channels],
    };
  },
});

/** @throws TypeError where the bytes are not a picture, RangeError where it is too large */
async function decode(bytes: Uint8Array): Promise<Frame> {
  try {
    const picture = await openPicture(bytes);
    const { width, height } = picture;
    if (Math.max(width, height) > MAX_SIDE) {
      throw new RangeError(
        `Cannot enlarge here: expected at most ${MAX_SIDE} px a side, received ` +
          `${width}×${height}. ` +
          `Use deno task upscale for larger pictures`,
      );
    }
    const { data, info } = await picture.decode((image) =>
      image.flatten({ background: "#fff" }).toColourspace("srgb").raw()
    );
    return { color: { data: new Uint8Array(data), width, height, channels: info.channels } };
  } catch (cause) {
    if (!(cause instanceof PictureError)) throw cause;
    throw new TypeError(`Cannot enlarge: expected a picture (${cause.message})`, { cause });
  }
}
