/** `deno task` typed in another folder than Cambium's. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { withFolder } from "../../core/testing/with_folder.ts";
import { writeDiscs } from "./discs_run.ts";

const config = fileURLToPath(new URL("../../deno.json", import.meta.url));

Deno.test(
  "paths of a command are relative to the folder where `deno task` was typed, and are " +
    "saved absolute",
  () =>
    withFolder(async (made) => {
      const folder = await Deno.realPath(made);
      await writeDiscs(join(folder, "discs"), 12);
      const task = async (args: string[], cwd: string, env: Record<string, string> = {}) => {
        const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
          args: ["task", "--config", config, ...args],
          cwd,
          env: { NO_COLOR: "1", ...env },
          stdin: "null",
        }).output();
        const text = new TextDecoder().decode(stdout);
        assert.equal(code, 0, text + new TextDecoder().decode(stderr));
        return text;
      };
      const typed = join(folder, "discs");
      const { folder: run } = JSON.parse(
        await task([
          ...[
            "train",
            "--data",
            ".",
            "--runs",
            "../runs",
            "--cache",
            "../cache",
            "--backend",
            "cpu",
          ],
          ...["--resolution", "8", "--sched", "4:4::0:8,8:4::8:0", "--latent-size", "8", "--json"],
          ...["--channel-base", "64", "--channel-max", "8", "--channel-min", "4"],
          ...["--mapping-layers", "2", "--preview-count", "4", "--images", "8"],
        ], typed),
      );
      assert.equal(run, join(folder, "runs", "00000-stylegan-discs"));
      const saved = JSON.parse(await Deno.readTextFile(join(run, "config.json")));
      assert.equal(saved.data.source, typed);
      // From yet another folder, the run's data is found again, and drawings are written to the
      // current folder.
      const other = join(folder, "other");
      await Deno.mkdir(other);
      await task(["train", "--resume", "--runs", "../runs", "--images", "16", "--json"], other);
      await task(["sample", "--runs", "../runs", "--grid", "a.png", "--seeds", "0"], other);
      assert.ok((await Deno.stat(join(other, "a.png"))).isFile);
      // INIT_CWD left over from an outer task does not say where this one was typed.
      const { stdout } = await new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "-A",
          "--config",
          config,
          fileURLToPath(new URL("../../cli/main.ts", import.meta.url)),
          "runs",
          "--runs",
          "runs",
        ],
        cwd: folder,
        env: { INIT_CWD: other, PWD: other },
        stdin: "null",
      }).output();
      assert.match(new TextDecoder().decode(stdout), /00000-stylegan-discs/);
    }),
);
