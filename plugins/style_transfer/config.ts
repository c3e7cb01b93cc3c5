/** Options of style transfer. */
import { type ConfigOf, field, object } from "../../core/mod.ts";

/** VGG-19 layers at which statistics can be exchanged, the shallowest first. */
export const PLACES = ["relu1_2", "relu2_1", "relu3_1", "relu4_1"] as const;

export const styleTransferSchema = object({
  place: field.choice(
    "Layer of VGG-19 where styles are exchanged; deepest: the last one that the weights include",
    "deepest",
    ["deepest", ...PLACES],
  ),
  styleWeight: field.number("Weight of the style term, λ", 10, { minimum: 0 }),
  vggWeights: field.text(
    "File of VGG-19's weights (Keras' HDF5 or safetensors), with any number of blocks; default: the " +
      "cache, which has block 1",
    "",
    "file",
  ),
});

export type StyleTransferConfig = ConfigOf<typeof styleTransferSchema>;
