import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../../core/testing/with_folder.ts";
import { expectCli, runCli } from "./cli_process.ts";
import { QUIET, trainTiny } from "./discs_run.ts";

const addressOf = (path: string) => JSON.stringify(new URL(`../../${path}`, import.meta.url).href);

/** StyleGAN with an additional command, as a user's own plugin. */
const plugin = (name: string) => `
import { ConfigError, field, object } from ${addressOf("core/mod.ts")};
import stylegan from ${addressOf("plugins/stylegan/mod.ts")};
export default {
  ...stylegan,
  name: ${JSON.stringify(name)},
  commands: [{
    name: "brightness",
    description: "Means of images",
    arguments: "<words...>",
    options: object({ times: field.integer("n", 2, { minimum: 0, maximum: 4000 }) }),
    async run({ args, options, openRun, openDataset, print }) {
      if (options.times === 0) throw new ConfigError("Cannot use --times: expected 1 or more, received 0");
      if (options.times === 1) throw new RangeError("Cannot use --times of a damaged file");
      if (options.times === 4) Deno.kill(Deno.pid, "SIGINT");
      const run = await openRun();
      const data = await openDataset(run);
      print(JSON.stringify({ args, times: options.times, id: run.id, count: data.info.count,
        resolution: run.context.phase.resolution }));
      data.close();
      run.dispose();
    },
  }],
};`;

Deno.test("a plugin's command gets its arguments, options, run and data", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "same.ts"), plugin("stylegan"));
    await Deno.writeTextFile(join(folder, "other.ts"), plugin("other"));
    await trainTiny(folder);
    const flags = ["--cache", "cache", ...QUIET];
    const out = await expectCli([
      "brightness",
      "a",
      "b",
      "--plugin",
      "./same.ts",
      "--times",
      "3k",
      ...flags,
    ], folder);
    assert.deepEqual(JSON.parse(out), {
      args: ["a", "b"],
      times: 3000,
      id: "00000-stylegan-discs",
      count: 16,
      resolution: 8,
    });
    await Deno.remove(join(folder, "discs", "red", "00.png"));
    const changed = await runCli(["brightness", "a", "--plugin", "./same.ts", ...flags], folder);
    assert.equal(changed.code, 0, changed.stderr);
    assert.match(
      changed.stderr,
      /warning: the data of 00000-stylegan-discs has changed since it was trained/,
    );
    const args = ["brightness", "a", "--plugin", "./same.ts", "--times", "4", ...flags];
    const stopped = await runCli(args, folder); // by Ctrl-C while its run is being opened
    assert.equal(stopped.code, 130, stopped.stderr);
    assert.equal(stopped.stdout, "");
    assert.match(stopped.stderr, /Ctrl-C: stopping; once more ends at once/);
    const wrong = await runCli([
      "brightness",
      "a",
      "--run",
      "0",
      "--plugin",
      "./other.ts",
      ...flags,
    ], folder);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /expected a run of plugin "other", received one of "stylegan"/);
    const none = await runCli(["brightness", "a", "--plugin", "./other.ts", ...flags], folder);
    assert.equal(none.code, 2);
    assert.match(none.stderr, /deno task train --plugin/);
    for (const [times, code] of [["0", 2], ["1", 1]] as const) {
      const args = ["brightness", "a", "--times", times, "--plugin", "./same.ts"];
      const refused = await runCli(args, folder);
      assert.equal(refused.code, code, refused.stderr);
      assert.match(refused.stderr, /^error: Cannot use --times[^\n]*\n$/);
    }
    for (const times of ["5k", "2.5", "many"]) { // by the rules for all options
      const refused = await runCli(
        ["brightness", "a", "--times", times, "--plugin", "./same.ts"],
        folder,
      );
      assert.equal(refused.code, 2, refused.stderr);
      assert.match(refused.stderr, /--times.*(expected a (whole )?number|Expected a number)/);
    }
    const unknown = await runCli(["brightnes", "a", "--plugin", "./other.ts"], folder);
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /Did you mean brightness/);
  }));

/**
 * A model whose command leaves a floating promise that rejects, then waits for its signal or, if it
 * ignores that, for a while.
 */
const careless = (body: string) => `
import { object } from ${addressOf("core/mod.ts")};
import stylegan from ${addressOf("plugins/stylegan/mod.ts")};
export default {
  ...stylegan,
  name: "careless",
  commands: [{
    name: "leave",
    description: "Leaves",
    arguments: "",
    needsRun: false,
    options: object({}),
    async run({ signal, print }) {
      ${body}
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, 20_000);
        signal.addEventListener("abort", () => (clearTimeout(timer), resolve(undefined)));
      });
      print(signal.aborted ? "put away" : "too late");
    },
  }],
};`;

for (
  const [what, body, expected] of [
    [
      "a promise that rejects",
      `(async () => { await 0; throw new RangeError("the disk is gone"); })();`,
      /^error: A promise of plugin "careless" that nobody awaits rejected: the disk is gone\./,
    ],
    [
      "a timer that throws",
      `setTimeout(() => { throw new RangeError("the timer is broken"); });`,
      /^error: A timer or listener of plugin "careless" threw: the timer is broken\./,
    ],
  ] as const
) {
  Deno.test(
    `a plugin's command that leaves ${what} is asked to stop, and ends with its ` +
      `plugin's name`,
    () =>
      withFolder(async (folder) => {
        await Deno.writeTextFile(join(folder, "careless.ts"), careless(body));
        const { code, stdout, stderr } = await runCli(
          ["leave", "--plugin", "./careless.ts"],
          folder,
        );
        assert.equal(code, 1);
        assert.match(stdout, /put away/); // properly: the command ended by itself
        assert.match(stderr, expected);
        assert.ok(!stderr.includes("Uncaught"), stderr);
      }),
  );
}

Deno.test("what a plugin leaves floating as it is loaded ends a command with a plain message", () =>
  withFolder(async (folder) => {
    const text = `Promise.reject(new Error("loaded badly"));
      await new Promise((resolve) => setTimeout(resolve, 20_000)); // it ends before
      ${plugin("same")}`;
    await Deno.writeTextFile(join(folder, "same.ts"), text);
    const { code, stderr } = await runCli(["brightness", "a", "--plugin", "./same.ts"], folder);
    assert.equal(code, 1);
    assert.match(stderr, /^error: A promise that nobody awaits rejected: loaded badly\./);
    assert.ok(!stderr.includes("Uncaught"), stderr);
  }));

Deno.test("a plugin's command that has the name of Cambium's own is told, others are listed", () =>
  withFolder(async (folder) => {
    const taken = plugin("mine").replace("commands: [{", 'commands: [{ name: "sample" }, {');
    await Deno.writeTextFile(join(folder, "mine.ts"), taken);
    const { stdout, stderr } = await runCli(["--help", "--plugin", "./mine.ts"], folder);
    assert.match(stderr, /the command "sample" of plugin "mine" can't be run/);
    assert.match(stdout, /brightness/);
  }));
