/** A run that trains in seconds, for tests of what is done with runs. */
import { join } from "node:path";
import { writeGrid } from "../../core/images/mod.ts";
import { expectCli } from "./cli_process.ts";

/** Writes 8 px images, half of them red discs and half blue ones, in a folder for each colour. */
export async function writeDiscs(folder: string, count: number): Promise<void> {
  const side = 8;
  for (let n = 0; n < count; n++) {
    const isRed = n % 2 === 0, centre = [2 + n % 4, 2 + Math.floor(n / 4) % 4];
    const data = new Float32Array(side * side * 3).fill(1);
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        if ((x - centre[0]!) ** 2 + (y - centre[1]!) ** 2 > 4) continue; // two coordinates
        data.set(isRed ? [0.9, -0.8, -0.8] : [-0.8, -0.8, 0.9], (y * side + x) * 3);
      }
    }
    const path = join(folder, isRed ? "red" : "blue", `${String(n).padStart(2, "0")}.png`);
    await writeGrid(path, { data, shape: [1, side, side, 3] });
  }
}

/** Flags that keep every command to a folder's own runs and caches, and off the network. */
export const QUIET = ["--backend", "cpu"];

/**
 * Trains a conditional StyleGAN in `folder`: 8 images at 4 px, 8 while 8 px fades in; checkpoints
 * at 8 and 16.
 */
export async function trainTiny(folder: string, more: readonly string[] = []): Promise<void> {
  await writeDiscs(join(folder, "discs"), 20);
  await expectCli([
    "train",
    ...["--data", "discs", "--cache", "cache", "--held-out", "0.2", "--labels", "--json", ...QUIET],
    ...["--resolution", "8", "--sched", "4:4::0:8", "--sched", "8:4::8:0", "--preview-count", "4"],
    ...[
      "--latent-size",
      "8",
      "--mapping-layers",
      "2",
      "--channel-base",
      "64",
      "--channel-max",
      "8",
    ],
    ...["--channel-min", "4"],
    ...["--sample-every", "8", "--checkpoint-every", "8", "--stats-every", "4"],
    ...more,
  ], folder);
}
