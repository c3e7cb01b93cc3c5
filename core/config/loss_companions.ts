/** Options that a loss brings along. */
import type { ConfigLayer } from "./config_layer.ts";

/** By the loss's name; Arjovsky et al. 2017, algorithm 1: weights are clipped in place of a penalty, and momentum hurts. */
const COMPANIONS: Readonly<Record<string, Record<string, unknown>>> = {
  wgan_clipped: { penalty: "none", optimizer: "rmsprop" },
};

/** A layer that names a loss also says what it needs, unless it says otherwise itself. */
export function withLossCompanions(layer: ConfigLayer): ConfigLayer {
  const { loss } = layer.values;
  const companions = typeof loss === "string" && Object.hasOwn(COMPANIONS, loss)
    ? COMPANIONS[loss]
    : {};
  const given = Object.entries(layer.values).filter(([, value]) => value !== undefined);
  return { ...layer, values: { ...companions, ...Object.fromEntries(given) } };
}
