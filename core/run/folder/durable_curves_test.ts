import assert from "node:assert/strict";
import { basename, dirname, join, relative } from "node:path";
import { loadNewestIntact, storedTensor } from "../../checkpoint/mod.ts";
import { withFolder } from "../../testing/with_folder.ts";
import { folderObserver } from "../observers/folder_observer.ts";
import { folderOutput } from "./folder_output.ts";
import { LOG_NAME, readStats } from "./stats_file.ts";

/** A sync or rename, in the order in which they happened; paths are relative to the run folder. */
type Step =
  | { kind: "file"; path: string; bytes: Uint8Array }
  | { kind: "folder"; path: string; names: string[] }
  | { kind: "create"; path: string }
  | { kind: "rename"; from: string; to: string };

/**
 * Records calls to the system: a sync makes a file's content durable, all other writes may be lost.
 */
function recorder(root: string) {
  const steps: Step[] = [];
  let asked: string | undefined;
  const below = (path: string) => relative(root, path);
  async function settle(): Promise<void> {
    if (asked === undefined) return;
    const cut = asked.indexOf(" "), kind = asked.slice(0, cut), path = asked.slice(cut + 1);
    asked = undefined;
    if (kind === "rename") {
      const created = steps.findLast((step) => step.kind === "create");
      assert.ok(created?.kind === "create");
      steps.push({ kind: "rename", from: dirname(created.path), to: below(path) });
    } else if (kind === "create") steps.push({ kind, path: below(path) });
    else if (kind === "sync" && (await Deno.stat(path)).isDirectory) {
      const names = await Array.fromAsync(Deno.readDir(path), ({ name }) => name);
      steps.push({ kind: "folder", path: below(path), names });
    } else if (kind === "sync") {
      steps.push({ kind: "file", path: below(path), bytes: await Deno.readFile(path) });
    }
  }
  return {
    steps,
    settle,
    async at(point: string) {
      await settle();
      asked = point;
    },
  };
}

/**
 * The files after a power cut following some steps: each with the content synced last, or empty.
 * @param names "early": a name is on the disk as soon as it is made; "late": only when its folder
 * is synced
 */
async function replay(
  steps: readonly Step[],
  to: string,
  names: "early" | "late",
): Promise<void> {
  const bytes = new Map<string, Uint8Array>(), renames = new Map<string, string>();
  const visible = new Set<string>();
  for (const step of steps) {
    if (step.kind === "create") bytes.set(step.path, new Uint8Array());
    else if (step.kind === "file") bytes.set(step.path, step.bytes);
    else if (step.kind === "rename") renames.set(step.from, step.to);
    else for (const name of step.names) visible.add(join(step.path, name));
  }
  for (const [path, content] of bytes) {
    const renamed = renames.get(dirname(path));
    const seen = (path: string) => names === "early" || visible.has(path);
    if (!seen(path)) continue;
    const folder = renamed !== undefined && seen(renamed) ? renamed : dirname(path);
    const target = join(to, folder, basename(path));
    await Deno.mkdir(dirname(target), { recursive: true });
    await Deno.writeFile(target, content);
  }
}

Deno.test(
  "after a power cut curves and log reach as far as the newest checkpoint, whatever " +
    "was not synced",
  () =>
    withFolder(async (folder) => {
      const run = join(folder, "run");
      await Deno.mkdir(run);
      const record = recorder(run);
      const observer = await folderObserver(run);
      const output = folderOutput(run, {
        meta: {
          ...{ plugins: ["tiny"], config: {}, seed: 1, fingerprint: {}, versions: {} },
          dataset: { name: "discs", digest: "d", count: 9 },
        },
        keepCheckpoints: 2,
        keepSamples: 0,
        info: () => ({}),
        onDamaged: assert.fail,
        onUnpruned: assert.fail,
        at: record.at,
      });
      for (const imagesSeen of [32, 64]) {
        await observer.on({ type: "metrics", imagesSeen, values: { swd: 1 }, time: imagesSeen });
        const line = { time: 1, imagesSeen, level: "info" as const, message: `at ${imagesSeen}` };
        await observer.on({ type: "log", line });
        await output.writeCheckpoint({
          files: { "generator.safetensors": { b: storedTensor(Float32Array.of(imagesSeen), [1]) } },
          state: {
            counters: { imagesSeen, cursor: imagesSeen, generator: 1, discriminator: 1, parts: 1 },
            phases: [],
            interval: {},
            plugins: { tiny: {} },
            muted: [],
          },
        });
        await record.settle();
      }
      await observer.close?.();

      const reached = new Set<number>();
      for (const names of ["early", "late"] as const) {
        for (let count = 0; count <= record.steps.length; count++) {
          const cut = join(folder, `${names}-${count}`);
          await Deno.mkdir(cut);
          await replay(record.steps.slice(0, count), cut, names);
          const newest = await loadNewestIntact(cut, { onSkipped: assert.fail });
          const imagesSeen = newest?.manifest.imagesSeen ?? 0;
          reached.add(imagesSeen);
          const points = (await readStats(cut)).map((point) => point.imagesSeen);
          const wanted = [32, 64].filter((images) => images <= imagesSeen);
          assert.deepEqual(
            points.filter((images) => images <= imagesSeen),
            wanted,
            `${names} ${count}`,
          );
          if (wanted.length === 0) continue;
          const log = await Deno.readTextFile(join(cut, LOG_NAME));
          for (const images of wanted) assert.match(log, new RegExp(`at ${images}\n`));
        }
      }
      assert.deepEqual([...reached].sort((a, b) => a - b), [0, 32, 64]);
    }),
);
