import { ConfigError, tf } from "../../../core/mod.ts";
import { rounded } from "../pairs.ts";
import { DEGRADATIONS } from "./degradation.ts";
import { degrade } from "./degrade.ts";
import { jpeg } from "./jpeg.ts";

type Reduction = (images: tf.Tensor4D) => tf.Tensor4D;

/**
 * How the inputs of a comparison are made.
 * @param asked "clean", one of {@linkcode DEGRADATIONS} (with random draws under `withSeed`), or
 * e.g. "jpeg:50": the reduction, rounded to 8 bits and compressed at that quality
 * @param reduce [N, H, W, C] → [N, H / scale, W / scale, C]
 * @throws ConfigError for any other word
 */
export function askedDegradation(asked: string, reduce: Reduction): Reduction {
  if (asked === "clean" || asked === "web" || asked === "camera") {
    return (images) => degrade(images, asked, reduce);
  }
  const quality = Number(/^jpeg:(\d{1,3})$/.exec(asked)?.[1]);
  if (quality >= 1 && quality <= 100) {
    return (images) => jpeg(rounded(reduce(images)), tf.fill([images.shape[0], 1, 1, 1], quality));
  }
  throw new ConfigError(
    `Cannot use --degrade ${asked}: expected clean, ${Object.keys(DEGRADATIONS).join(", ")} or ` +
      `jpeg: and a quality of 1 to 100, such as jpeg:50`,
  );
}
