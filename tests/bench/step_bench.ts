/** Benchmarks of StyleGAN's step: recording it, and replaying it. */
import { backend } from "./backend.ts";
import { createBenchStep } from "./versus/step.ts";

const options = { plugin: "stylegan", values: {}, backend };

for (const resolution of [4, 16]) {
  Deno.bench(
    `record all of a phase, ${resolution} px`,
    { group: "recording", n: 3, warmup: 1 },
    async (b) => {
      const step = await createBenchStep({ ...options, resolution });
      b.start();
      for (let i = 0; i < 2; i++) await step.run(); // with the penalty, and without it
      b.end();
      step.dispose();
    },
  );
}

for (const resolution of [4, 8, 16, 32]) {
  const step = await createBenchStep({ ...options, resolution });
  Deno.bench(`replay a step, ${resolution} px`, { group: "replay" }, async () => {
    await step.run();
  });
}
