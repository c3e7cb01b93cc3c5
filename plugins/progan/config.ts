/** ProGAN's own options. */
import { type ConfigOf, field, object } from "../../core/mod.ts";

export const proganSchema = object({
  latentSize: field.integer("Length of z", 128, { minimum: 1, maximum: 1024 }),
  channelBase: field.integer("Channels at resolution R are channelBase / R …", 1024, {
    minimum: 16,
  }),
  channelMax: field.integer("… but at most this many", 128, { minimum: 4, maximum: 1024 }),
  channelMin: field.integer("… and at least this many", 16, { minimum: 1, maximum: 512 }),
  stddevGroup: field.integer("Group size of the minibatch standard deviation; 0: none", 4, {
    minimum: 0,
  }),
});

export type ProganConfig = ConfigOf<typeof proganSchema>;

/** Channels at a resolution. */
export function channelsAt(config: ProganConfig, resolution: number): number {
  const wanted = Math.floor(config.channelBase / resolution);
  return Math.max(config.channelMin, Math.min(config.channelMax, wanted));
}
