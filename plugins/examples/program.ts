/**
 * Trains a StyleGAN and draws a grid of samples: `deno run -A plugins/examples/program.ts [DATA
 * [IMAGES [GRID]]]`.
 */
import { startRun } from "cambium/engine";

const [data = "emoji", images = "2000", grid = "grid.png"] = Deno.args;

using run = await startRun({ plugin: "stylegan", data, images: Number(images) });
const { imagesSeen, reason } = await run.train();
await run.grid(grid, { truncation: 0.7 });

console.log(`${run.id}: ${imagesSeen} images, ${reason}. 64 samples are in ${grid}`);
