/**
 * Trains a rival on this machine, and measures its samples in the same way as those of a run of
 * ours.
 *
 * deno run -A tests/bench/quality/rivals/run.ts --rival fastgan --out FOLDER --run RUN
 *
 * Arguments after `--` are the rival's own, such as `-- --width 32`; each script documents its
 * options. The folder gets the training pictures (data/), the samples (samples/), the first 64 of
 * them as grid.png, rival.json, the log, and metrics.json if `--run` names the run whose data and
 * resolution to measure against.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openDataset } from "../../../../datasets/mod.ts";
import { numberOf, parseFlags } from "../../parse_flags.ts";
import { installMissing, pytorchPython } from "../../versus/python.ts";
import { runLogged } from "../run_logged.ts";
import { exportPictures } from "./export_pictures.ts";

/** Scripts, and the packages that they import besides PyTorch, by module name. */
const RIVALS: Record<string, { script: string; packages: Record<string, string> }> = {
  "stylegan2-ada": { script: "stylegan2_ada.py", packages: {} },
  fastgan: { script: "fastgan.py", packages: {} },
  r3gan: { script: "r3gan.py", packages: {} },
  stylegan: { script: "stylegan.py", packages: {} },
  "lightweight-gan": {
    script: "lightweight.py",
    packages: { lightweight_gan: "lightweight-gan==1.2.1" },
  },
};

const CLI = fileURLToPath(new URL("../../../../cli/main.ts", import.meta.url));

const { values: flags, positionals: own } = parseFlags({
  allowPositionals: true,
  options: {
    rival: { type: "string" },
    out: { type: "string" },
    data: { type: "string", default: "emoji" },
    resolution: { type: "string", default: "64" },
    minutes: { type: "string", default: "60" },
    clock: { type: "string", default: "wall" },
    threads: { type: "string", default: "2" },
    seed: { type: "string", default: "0" },
    python: { type: "string" },
    run: { type: "string" },
    runs: { type: "string", default: "runs" },
  },
});

const say = (message: string) => console.error(message);
const rival = RIVALS[flags.rival ?? ""], { out } = flags;
if (!rival || out === undefined) {
  say(`Cannot run: expected --out FOLDER and --rival ${Object.keys(RIVALS).join(", ")}`);
  Deno.exit(2);
}

for (const name of ["minutes", "threads", "seed"] as const) numberOf(`--${name}`, flags[name]);
const resolution = numberOf("--resolution", flags.resolution);
const python = flags.python ?? await pytorchPython(say);
await installMissing(python, { PIL: "pillow", ...rival.packages }, say);
const data = join(out, "data");
const dataset = await openDataset({
  kind: "images",
  source: flags.data,
  maxResolution: resolution,
});
try {
  say(`Wrote ${await exportPictures(dataset, resolution, data)} pictures into ${data}`);
} finally {
  dataset.close();
}

const { minutes, clock, threads, seed } = flags;
await runLogged(python, [
  "-B", // writes no __pycache__ beside the sources
  fileURLToPath(new URL(rival.script, import.meta.url)),
  ...["--data", data, "--out", out, "--minutes", minutes, "--clock", clock],
  ...["--threads", threads, "--seed", seed, ...own],
], join(out, "log.txt"));
console.log(await Deno.readTextFile(join(out, "rival.json")));
if (flags.run !== undefined) {
  const { output: metrics } = await runLogged(Deno.execPath(), [
    ...["run", "-A", CLI, "metrics", "--run", flags.run, "--runs", flags.runs],
    ...["--samples", join(out, "samples"), "--threads", threads, "--json"],
  ], join(out, "metrics.txt"));
  await Deno.writeTextFile(join(out, "metrics.json"), metrics);
  console.log(metrics);
}
