/** Charts the gradients' norms, warns of spikes, and clips the gradients on request. */
import { definePlugin, field, object, tf } from "../../core/mod.ts";

/** Weight of a new cycle in the running mean. */
const PACE = 0.01;
/** Cycles before spikes are looked for. */
const WARM_UP = 100;

export default definePlugin({
  name: "gradient-norm",
  description: "Charts each network's gradient norm, warns of spikes, and clips on request",
  kind: "add-on",
  config: object({
    spikeFactor: field.number("Warn where a norm is this many times its usual size", 20, {
      minimum: 1,
    }),
    clipNorm: field.number("Scale a network's gradients down to this norm; 0: never", 0, {
      minimum: 0,
    }),
  }),
  /** Mean logarithm of each network's gradient norm, and the cycles it was taken over. */
  state: () => ({ cycles: 0, generator: 0, discriminator: 0 }),
  watches: { gradientNorm: ["gradient_norm/generator", "gradient_norm/discriminator"] },
  hooks: {
    gradients({ config }, gradients, step) {
      const squares = Object.values(gradients).map((g) => tf.sum(tf.square(g)));
      const norm = tf.sqrt(tf.addN(squares)).asScalar();
      step.report(`gradient_norm/${step.network}`, norm);
      if (config.clipNorm === 0) return gradients;
      const factor = tf.minimum(1, tf.div(config.clipNorm, tf.add(norm, 1e-12)));
      return Object.fromEntries(
        Object.entries(gradients).map(([path, g]) => [path, tf.mul(g, factor)]),
      );
    },
    step(context, metrics) {
      const { config, state } = context;
      state.cycles++;
      for (const network of ["generator", "discriminator"] as const) {
        const norm = metrics[`gradient_norm/${network}`];
        if (norm === undefined || norm === 0) continue;
        const usual = Math.exp(state[network]);
        if (state.cycles > WARM_UP && norm > config.spikeFactor * usual) {
          context.warn(
            `gradient-spike-${network}`,
            `The ${network}'s gradient norm is ${Number(norm.toPrecision(3))}, usually ${
              Number(usual.toPrecision(3))
            }. A lower ` +
              `--learning-rate or --clip-norm ${Number((3 * usual).toPrecision(2))} calms it`,
          );
        }
        const pace = Math.max(PACE, 1 / state.cycles); // a plain mean at first
        state[network] += pace * (Math.log(norm) - state[network]);
      }
    },
  },
});
