/** Decodes and downsamples pictures in a worker thread. */
/// <reference lib="deno.worker" />
import { settleAll } from "../../../core/settle_all.ts";
import { decodeImage, SkipError } from "../../cache/decode.ts";
import { pyramid } from "../../cache/pyramid.ts";
import { isLarge } from "../../loader/is_large.ts";
import type { DecodeAnswer, DecodeRequest } from "./decode_pool.ts";

self.onmessage = async ({ data }: MessageEvent<DecodeRequest>) => {
  const { id, pictures } = data;
  try {
    const results = await settleAll(pictures.map((bytes) => decodeOne(bytes, data)));
    const pixels = results.flatMap((result) => typeof result === "string" ? [] : [result.buffer]);
    self.postMessage({ id, results } satisfies DecodeAnswer, pixels);
  } catch (error) {
    self.postMessage({ id, error: String(error) } satisfies DecodeAnswer);
  }
};

/** uint8 [resolution, resolution, channels], or the reason why the picture is skipped. */
async function decodeOne(
  bytes: Uint8Array,
  { resolution, options, smallest }: DecodeRequest,
): Promise<Uint8Array<ArrayBuffer> | string> {
  try {
    const { pixels, side, width, height } = await decodeImage(bytes, options);
    if (!isLarge({ width, height }, smallest)) {
      return `${width}×${height} is smaller than ${smallest} px`;
    }
    const [reduced] = await pyramid(pixels, side, options.channels, [resolution]);
    return Uint8Array.from(reduced!); // one a resolution; its own buffer, which is handed over
  } catch (error) {
    if (error instanceof SkipError) return error.message;
    throw error;
  }
}
