import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../../core/testing/with_folder.ts";
import { MIN_TOKEN_LENGTH } from "../../web/security/session.ts";
import { runCli } from "./cli_process.ts";
import { type ProcessOptions, withDashboard } from "./dashboard_process.ts";

/** Asserts that access requires the token, and that the token grants it. */
async function expectToken(args: string[], token: string | undefined, options?: ProcessOptions) {
  await withDashboard(args, async (url, process, said) => {
    const made = /Token: +(\S+)/.exec(said)?.[1];
    assert.equal(made === undefined, token !== undefined, said);
    const shown = token ?? made!;
    const status = async (headers: HeadersInit) => {
      const response = await fetch(url, { headers });
      await response.body?.cancel();
      return response.status;
    };
    assert.equal(await status({}), 401);
    assert.equal(await status({ authorization: `Bearer ${shown}` }), 200);
    if (args.includes("0.0.0.0")) { // each of the machine's own addresses is an accepted name
      const { address } = Deno.networkInterfaces().find(({ family, address }) =>
        family === "IPv4" && address !== "127.0.0.1"
      ) ?? { address: "127.0.0.1" };
      const there = new URL(url);
      there.hostname = address;
      const answer = await fetch(there, { headers: { authorization: `Bearer ${shown}` } });
      assert.equal(answer.status, 200, `${there}`);
      await answer.body?.cancel();
    }
    if (Deno.build.os !== "linux") return; // inspects processes in /proc
    for await (const { name } of Deno.readDir("/proc")) {
      const line = await Deno.readTextFile(`/proc/${name}/cmdline`).catch(() => "");
      assert.ok(!line.includes(shown), `the token stands among the arguments of ${name}`);
    }
    assert.ok(process.pid > 0);
  }, options);
}

Deno.test(
  "`web` takes a token from a file or the environment, of the shortest length that the " +
    "server takes",
  () =>
    withFolder(async (runs) => {
      const token = "t".repeat(MIN_TOKEN_LENGTH), file = join(runs, "token");
      await Deno.writeTextFile(file, token + "\n", { mode: 0o600 });
      await expectToken(["--runs", runs, "--token-file", file], token);
      await expectToken(["--runs", runs], token, { env: { CAMBIUM_WEB_TOKEN: token } });
      await Deno.writeTextFile(file, "");
      const empty = await runCli(["web", "--runs", runs, "--token-file", file], runs);
      assert.equal(empty.code, 2);
      assert.match(empty.stderr, /expected a token, received an empty file/);
      const argument = await runCli(["web", "--runs", runs, "--token", token], runs);
      assert.equal(argument.code, 2);
      assert.match(argument.stderr, /unknown option '--token'/);
    }),
);

Deno.test("where others can reach it, `web` makes a token and prints it", () =>
  withFolder((runs) => expectToken(["--runs", runs, "--host", "0.0.0.0"], undefined)));
