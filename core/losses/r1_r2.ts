import * as tf from "@tensorflow/tfjs";
import { GAMMA, type Penalty } from "./penalty.ts";
import { r1 } from "./r1.ts";

/**
 * R1 at the reals and R2 at the generated images (Huang et al. 2024, "The GAN is dead; long live
 * the GAN!", section 2).
 */
export const r1r2Penalty: Penalty<"r1_r2", "gamma"> = {
  name: "r1_r2",
  title: "R1 + R2",
  weight: GAMMA,
  apply: ({ critic, real, fake }, gamma) =>
    tf.add(r1(critic, real(), gamma), r1(critic, fake(), gamma)),
};
