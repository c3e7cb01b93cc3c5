import assert from "node:assert/strict";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { withFolder } from "../../core/testing/with_folder.ts";
import { expectCli, runCli } from "./cli_process.ts";
import { writeDiscs } from "./discs_run.ts";

/** Runs Deno in a folder with its own configuration, as a user would. */
async function deno(args: string[], cwd: string): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd,
    stdin: "null",
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assert.equal(code, 0, text);
  return text;
}

for (const kind of ["model", "add-on"]) {
  Deno.test(
    `plugin new --kind ${kind} makes a folder outside of Cambium that passes its test ` +
      `and trains`,
    () =>
      withFolder(async (folder) => {
        const out = await expectCli(["plugin", "new", "my-own", "--kind", kind], folder);
        assert.match(out, kind === "model" ? /: a model with/ : /: an add-on with/);
        assert.match(out, /Test it: +deno test -A \.\/my-own\/\n/);
        const files = [...Deno.readDirSync(join(folder, "my-own"))].map((f) => f.name).sort();
        assert.deepEqual(files, ["README.md", "mod.ts", "mod_test.ts"]);
        const code = await Deno.readTextFile(join(folder, "my-own", "mod.ts"));
        assert.match(code, /name: "my-own"/);
        assert.match(await Deno.readTextFile(join(folder, "my-own", "README.md")), /^# my-own\n/);
        // all of them are run in cli/templates
        const quick = ["--no-check", "--filter", "names the plugin"];
        const tested = await deno(["test", "-A", ...quick, "./my-own/"], folder);
        assert.match(tested, /\d passed.*0 failed/);

        await writeDiscs(join(folder, "discs"), 12);
        // expectCli()'s output contains it
        const [, train] = /Train it: +deno task (.*)\n/.exec(out)!;
        const tiny = "--data discs --cache cache --backend cpu --resolution 8 --sched 4:4:::8 " +
          "--sched 8:4::8:8 --preview-count 4" +
          (kind === "add-on" ? " --channel-max 8 --channel-min 4 --latent-size 8" : "");
        const trained = await deno(["task", ...`${train} ${tiny}`.split(" ")], folder);
        assert.match(trained, /Finished at 24 images/);
      }),
  );
}

Deno.test(
  "plugin new refuses a bad name and a folder that exists, and tells what an own " +
    "deno.json needs",
  () =>
    withFolder(async (folder) => {
      const bad = await runCli(["plugin", "new", "My_GAN"], folder);
      assert.equal(bad.code, 2);
      assert.match(bad.stderr, /expected a-z, 0-9 and -/);
      await Deno.mkdir(join(folder, "mine"));
      const taken = await runCli(["plugin", "new", "mine"], folder);
      assert.equal(taken.code, 2);
      assert.match(taken.stderr, /received one that exists/);
      await Deno.writeTextFile(join(folder, "deno.json"), "{}");
      const inFile = await runCli(["plugin", "new", "other", "--dir", "deno.json/own"], folder);
      assert.equal(inFile.code, 2);
      assert.match(inFile.stderr, /Cannot make a plugin in .*received a file at .*Name another/);
      const out = await expectCli(["plugin", "new", "other"], folder);
      const root = fileURLToPath(new URL("../../", import.meta.url));
      const map = relative(await Deno.realPath(folder), join(root, "deno.json"));
      assert(out.includes(`"importMap": "${encodeURI(map)}"`), out);
      assert.equal(await Deno.readTextFile(join(folder, "deno.json")), "{}");
      const made = JSON.parse(await expectCli(["plugin", "new", "third", "--json"], folder));
      assert.deepEqual([made.name, made.kind, made.test], [
        "third",
        "model",
        "deno test -A ./third/",
      ]);
      assert.deepEqual(
        await Deno.realPath(made.folder),
        await Deno.realPath(join(folder, "third")),
      );
    }),
);
