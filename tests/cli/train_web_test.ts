import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defaultStorePath, openRunStore } from "../../core/run/mod.ts";
import { childOf } from "./child_of.ts";
import { newRun, withTinyData } from "../faults/tiny_run.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

Deno.test({
  name: "`train --web` serves the run that it trains, and trains on when the dashboard is killed",
  ignore: Deno.build.os !== "linux", // finds the dashboard's process in /proc
  fn: () =>
    withTinyData(async (folder) => {
      const runs = join(folder, "runs");
      const free = Deno.listen({ hostname: "127.0.0.1", port: 0 }), { port } = free.addr;
      free.close();
      const process = new Deno.Command(Deno.execPath(), {
        args: [
          ...["run", "-A", "--no-check", "cli/main.ts"],
          ...newRun({
            folder,
            schedule: "4:4::0:4000k,8:4::32:32",
            more: ["--web", "--port", String(port)],
          }),
        ],
        cwd: root,
        stdin: "null",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
      const texts = [process.stdout, process.stderr].map((s) =>
        s.pipeThrough(new TextDecoderStream())
      );
      let said = "";
      const ended = Promise.all(texts.map(async (stream) => {
        for await (const text of stream) said += text;
      }));
      const until = async (holds: () => boolean | Promise<boolean>, what: string) => {
        for (let tries = 0; !await holds(); tries++) {
          assert.ok(tries < 600, `waited in vain for ${what} after:\n${said}`);
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      };
      await until(() => /Dashboard: \S+/.test(said), "the dashboard");
      const url = /Dashboard: (\S+)/.exec(said)![1]!; // the output has been waited for
      assert.equal(url, `http://127.0.0.1:${port}/`);
      const store = await openRunStore(defaultStorePath(runs));
      try {
        await until(async () => (await store.ids()).length === 1, "the run");
        const id = (await store.ids())[0]!; // there is a run
        const seen = async () => (await store.head(id))?.imagesSeen ?? 0;
        const page = await fetch(url, { headers: { accept: "text/html" } });
        assert.match(await page.text(), new RegExp(id));
        const { commands } = (await store.details(id))!; // shown on the page
        assert.deepEqual(commands, {
          resume: `deno task train --resume ${id} --runs ${runs}`,
          extend: `deno task train --resume ${id} --runs ${runs} --minutes 60 --force`,
          remove: `deno task runs delete ${id} --runs ${runs}`,
          others: [{
            label: "Draw more",
            command: `deno task sample --run ${id} --runs ${runs} --seeds 0-63`,
          }],
        });
        Deno.kill(await childOf(process.pid, "web/main.ts"), "SIGKILL");
        await until(() => fetch(url).then(() => false, () => true), "the end of the dashboard");
        const before = await seen();
        await until(async () => await seen() > before + 16, "more images");
        process.kill("SIGINT");
        await process.status;
        await ended;
        assert.equal((await store.head(id))?.status, "stopped", said);
      } finally {
        store.close();
      }
    }),
});
