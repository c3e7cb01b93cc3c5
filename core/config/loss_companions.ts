import { adversarialLosses } from "../losses/loss_by_name.ts";
import type { ConfigLayer } from "./config_layer.ts";

/**
 * Adds the options that a loss brings along to the layer that chooses the loss, unless that layer
 * sets them itself.
 */
export function withLossCompanions(layers: readonly ConfigLayer[]): ConfigLayer[] {
  const last = layers.findLastIndex(({ values }) => values.loss !== undefined);
  return layers.map((layer, i) => {
    const loss = adversarialLosses.find(({ name }) => name === layer.values.loss);
    if (i !== last || !loss?.brings) return layer;
    const given = Object.entries(layer.values).filter(([, value]) => value !== undefined);
    return { ...layer, values: { ...loss.brings, ...Object.fromEntries(given) } };
  });
}
