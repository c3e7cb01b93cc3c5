/** Options that a loss brings along. */
import type { ConfigLayer } from "./config_layer.ts";

/** By the loss's name; Arjovsky et al. 2017, algorithm 1: weights are clipped in place of a penalty, and momentum hurts. */
const COMPANIONS: Readonly<Record<string, Record<string, unknown>>> = {
  wgan_clipped: { penalty: "none", optimizer: "rmsprop" },
};

/** The layer that decides the loss also says what that loss needs, unless it says otherwise itself. */
export function withLossCompanions(layers: readonly ConfigLayer[]): ConfigLayer[] {
  const last = layers.findLastIndex(({ values }) => values.loss !== undefined);
  return layers.map((layer, i) => {
    const { loss } = layer.values;
    if (i !== last || typeof loss !== "string" || !Object.hasOwn(COMPANIONS, loss)) return layer;
    const given = Object.entries(layer.values).filter(([, value]) => value !== undefined);
    return { ...layer, values: { ...COMPANIONS[loss], ...Object.fromEntries(given) } };
  });
}
