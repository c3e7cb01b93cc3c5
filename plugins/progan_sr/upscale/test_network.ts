/** A small network of random weights that enlarges by 2, for tests. */
import { tf } from "../../../core/mod.ts";
import { resolveConfig } from "../../../core/config/mod.ts";
import { proganSrSchema } from "../config.ts";
import { createProganSr } from "../model.ts";
import type { Enlarger } from "./upscale.ts";

await tf.setBackend("cpu");

export const [config] = resolveConfig([proganSrSchema], [
  { from: "test", values: { channels: 4, criticBase: 32, criticMax: 4, criticMin: 4 } },
]);

/** Grown from 8 to 16 px, with few channels. */
export const model = createProganSr(config, { seed: 1, startResolution: 8, channels: 3 });
model.grow(16);

/** The model halfway through its fade. */
export const network: Enlarger = {
  scale: 2,
  channels: 3,
  reach: model.reach(),
  enlarge: (low) => model.enlarge(low, 0.5),
};
