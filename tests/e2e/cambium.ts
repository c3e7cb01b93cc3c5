/** Runs the command line as a user would, in processes of their own. */
import { join } from "node:path";
import sharp from "sharp";

const ROOT = new URL("../../", import.meta.url).pathname;

/** What a command did. */
export interface Outcome {
  code: number;
  out: string;
  err: string;
}

/** Runs `deno task <args>` in the repository, without a terminal. */
export async function cambium(args: string[], env: Record<string, string> = {}): Promise<Outcome> {
  const { code, stdout, stderr } = await spawnCambium(args, env).output();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout), err: text.decode(stderr) };
}

/** Starts a command without waiting for it. */
export function spawnCambium(args: string[], env: Record<string, string> = {}): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", join(ROOT, "cli/main.ts"), ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1", ...env },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Options of a StyleGAN so small that it trains in seconds. */
export const TINY = [
  "--plugin=stylegan",
  "--resolution=8",
  "--sched=4:8::0:64,8:8::64:64",
  "--channel-base=64",
  "--channel-max=8",
  "--channel-min=8",
  "--latent-size=8",
  "--mapping-layers=2",
  "--preview-count=4",
  "--sample-every=64",
  "--checkpoint-every=64",
  "--stats-every=32",
  "--threads=2", // batches are computed in two pieces
];

/** Coloured discs on differing grounds, as PNG files with one label a colour. */
export async function makePictures(folder: string, count = 24): Promise<void> {
  const colours = { red: "#e33", blue: "#33e" };
  for (let i = 0; i < count; i++) {
    const label = i % 2 ? "red" : "blue";
    await Deno.mkdir(join(folder, label), { recursive: true });
    const ground = (i * 10).toString(16).padStart(2, "0");
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32">
      <rect width="32" height="32" fill="#${ground}${ground}${ground}"/>
      <circle cx="${10 + i % 12}" cy="16" r="8" fill="${colours[label]}"/></svg>`;
    await sharp(new TextEncoder().encode(svg)).png().toFile(join(folder, label, `${i}.png`));
  }
}
