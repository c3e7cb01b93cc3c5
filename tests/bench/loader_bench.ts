/** Benchmarks of the loader, reading from its cache. */
import { openDataset } from "../../datasets/mod.ts";
import { withPictures } from "./pictures.ts";

for (const resolution of [8, 64]) {
  Deno.bench(
    `64 batches of 16 at ${resolution} px`,
    { group: "loader", n: 5, warmup: 1 },
    async (b) =>
      await withPictures(64, 64, async (source, cacheDir) => {
        const data = await openDataset({ kind: "images", source, cacheDir, maxResolution: 64 });
        const loader = data.open({ resolution, batchSize: 16, cursor: 0, seed: 1, flip: true });
        await loader.next();
        b.start();
        for (let i = 0; i < 64; i++) await loader.next();
        b.end();
        loader.close();
        data.close();
      }),
  );
}
