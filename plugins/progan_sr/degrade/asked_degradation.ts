import { ConfigError, tf } from "../../../core/mod.ts";
import { rounded } from "../pairs.ts";
import { DEGRADATIONS } from "./degradation.ts";
import { degrade, SMALLEST_DEGRADED } from "./degrade.ts";
import { jpeg } from "./jpeg.ts";

type Reduction = (images: tf.Tensor4D) => tf.Tensor4D;

/**
 * How the inputs of a comparison are made.
 * @param asked "clean", one of {@linkcode DEGRADATIONS} (with random draws under `withSeed`), or
 * e.g. "jpeg:50": the reduction, rounded to 8 bits and compressed at that quality
 * @param reduce [N, H, W, C] → [N, H / scale, W / scale, C]
 * @throws ConfigError for any other word, and from the result for pictures that are too small
 */
export function askedDegradation(asked: string, reduce: Reduction): Reduction {
  if (asked === "clean") return reduce;
  if (asked === "web" || asked === "camera") {
    return (images) => {
      expectDegradable(asked, tf.tidy(() => reduce(images).shape));
      return degrade(images, asked, reduce);
    };
  }
  const quality = Number(/^jpeg:(\d{1,3})$/.exec(asked)?.[1]);
  if (quality >= 1 && quality <= 100) {
    return (images) => {
      const low = rounded(reduce(images));
      expectDegradable(asked, low.shape);
      return jpeg(low, tf.fill([images.shape[0], 1, 1, 1], quality));
    };
  }
  throw new ConfigError(
    `Cannot use --degrade ${asked}: expected clean, ${Object.keys(DEGRADATIONS).join(", ")} or ` +
      `jpeg: and a quality of 1 to 100, such as jpeg:50`,
  );
}

function expectDegradable(
  asked: string,
  [, height, width]: [number, number, number, number], // NHWC
): void {
  if (Math.min(height, width) >= SMALLEST_DEGRADED) return;
  throw new ConfigError(
    `Cannot use --degrade ${asked} on inputs of ${width} × ${height} px: expected at least ` +
      `${SMALLEST_DEGRADED} px a side. Use larger pictures, a checkpoint of a higher resolution, ` +
      `or --degrade clean`,
  );
}
