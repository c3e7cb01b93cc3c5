import assert from "node:assert/strict";
import { blur, tf } from "../../core/mod.ts";
import { testPlugin } from "../../core/testing/mod.ts";
import softStart from "./soft_start.ts";
import { testContext } from "./test_context.ts";

testPlugin(softStart, { values: { resolution: 8, softPasses: 1 } });

await tf.setBackend("cpu");
const { grow, fade, stabilize, inputs, augment } = softStart.hooks;

Deno.test(
  "soft-start blurs fully where a resolution begins, less as it fades in, and not " +
    "after",
  () => {
    const { context } = testContext(softStart, { softStart: 0.8 });
    const share = () => inputs!(context).softShare!;
    assert.equal(share(), 0, "the first resolution doesn't fade in");
    grow!(context, 8);
    assert.equal(share(), 0.8);
    fade!(context, 0.25);
    assert.ok(Math.abs(share() - 0.6) < 1e-12);
    stabilize!(context);
    assert.equal(share(), 0);
  },
);

Deno.test(
  "soft-start mixes images with what passes of the filter leave of them, in fades " +
    "alone",
  () => {
    tf.tidy(() => {
      const images = tf.oneHot(tf.tensor1d([27], "int32"), 64).toFloat().reshape([1, 8, 8, 1]);
      const x = images as tf.Tensor4D; // a single white pixel
      const step = { inputs: { softShare: tf.scalar(0.25) } } as never; // all that it reads
      const shown = (kind: "fade" | "stabilize") => {
        const { context } = testContext(softStart, { softPasses: 2 }, { phase: { kind } });
        return augment!(context, x, step, "real");
      };
      assert.equal(shown("stabilize"), x);
      const expected = tf.add(tf.mul(x, 0.75), tf.mul(blur(blur(x)), 0.25));
      const difference = tf.max(tf.abs(tf.sub(shown("fade"), expected))).dataSync()[0]!;
      assert.ok(difference < 1e-6, String(difference));
    });
  },
);

Deno.test("soft-start tells of a run in which nothing fades in", async () => {
  const told = async (startResolution: number) => {
    const { context: { config, run } } = testContext(softStart, { startResolution, resolution: 8 });
    const lines: string[] = [], signal = new AbortController().signal;
    const log = (line: string) => void lines.push(line);
    await softStart.prepare!({ config, run, log, progress() {}, signal });
    return lines.join();
  };
  assert.equal(await told(4), "");
  assert.match(await told(8), /^Nothing is blurred at 8 px/);
});
