/** From process start to the first finished step, at the resolution that a run starts with. */
import { selectBackend } from "../../../core/backend/mod.ts";
import { createBenchStep } from "../versus/step.ts";

if (import.meta.main) {
  const backend = await selectBackend({
    name: "tensorflow",
    threads: Number(Deno.args[0]),
    shards: "auto",
  });
  await (await createBenchStep({ plugin: "stylegan", values: {}, resolution: 4, backend })).run();
  Deno.exit(0);
}
