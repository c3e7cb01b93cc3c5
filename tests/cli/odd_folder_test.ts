/**
 * A checkout, runs, caches and data in folders with every character that has ever broken a path.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { withFolder } from "../../core/testing/with_folder.ts";
import { withDashboard } from "./dashboard_process.ts";
import { writeDiscs } from "./discs_run.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/**
 * A space, an umlaut, an emoji, characters that URLs and shells interpret, and the comma of Deno's
 * lists.
 */
const ODD = "Käse 100% #1 🌱, it's $HOME & (x)?a=b";

/** Copies the shipped part of a folder: code and what it reads, without test data. */
async function copyTree(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (name === "testdata") continue;
    if (isDirectory) await copyTree(join(from, name), join(to, name));
    else if (!/\.webp$/.test(name)) {
      await Deno.copyFile(join(from, name), join(to, name));
    }
  }
}

/** Runs `deno task` in a folder. @returns its output */
async function task(args: string[], cwd: string): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", ...args],
    cwd,
    stdin: "null",
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assert.equal(code, 0, text);
  return text;
}

Deno.test(
  "a plugin is made and trained beside the dashboard in folders of any name, and `web` " +
    "shows the run",
  () =>
    withFolder(async (outside) => {
      const folder = join(await Deno.realPath(outside), ODD), cambium = join(folder, "cambium");
      for (const part of ["core", "cli", "web", "plugins", "datasets"]) {
        await copyTree(join(root, part), join(cambium, part));
      }
      await Deno.copyFile(join(root, "deno.json"), join(cambium, "deno.json"));
      const own = join(folder, "own plugins"), runs = join(own, `runs ${ODD}`);
      await writeDiscs(join(own, `discs ${ODD}`), 12);
      const made = await task(["plugin", "new", "my-own", "--dir", own], cambium);
      assert.match(made, /Train it: +deno task train --plugin \.\/my-own\/mod\.ts/);
      const trained = await task([
        ...[
          "train",
          "--plugin",
          "./my-own/mod.ts",
          "--data",
          `discs ${ODD}`,
          "--cache",
          `c ${ODD}`,
        ],
        ...[
          "--runs",
          runs,
          "--backend",
          "cpu",
          "--resolution",
          "8",
          "--preview-count",
          "4",
          "--web",
        ],
        ...["--sched", "4:4:::8", "--sched", "8:4::8:8"],
      ], own);
      assert.match(trained, /Dashboard: http/);
      assert.doesNotMatch(trained, /no dashboard|warning/i);
      assert.match(trained, /Finished at 24 images/);
      await withDashboard(["--runs", runs], async (url) => {
        const list = await (await fetch(new URL("api/runs", url))).json();
        assert.equal(list.problem, null);
        const [card] = list.cards;
        const picture = await fetch(new URL(card.thumbnail.url, url));
        assert.equal(picture.status, 200);
        assert.equal(picture.headers.get("content-type"), "image/png");
        await picture.body?.cancel();
      }, { root: cambium });
    }),
);
