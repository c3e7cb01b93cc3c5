/**
 * Plugins as they are shared: as a registry package or a file on the web. Both servers run on this
 * machine.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCli } from "../cli/cli_process.ts";
import { writeDiscs } from "../cli/discs_run.ts";
import { serveNpmPackage } from "./npm_registry.ts";

const ADD_ON = `definePlugin({
  name: "mine",
  description: "Says when a grid was drawn",
  kind: "add-on",
  config: object({ mineWord: field.text("What to say", "nothing") }),
  hooks: { sampled: ({ config, imagesSeen, log }) => log(\`at \${imagesSeen}: \${config.mineWord}\`) },
})`;
const PACKAGED = `export default ({ definePlugin, field, object }) => ${ADD_ON};`;
const IMPORTING = `import { definePlugin, field, object, type Plugin } from "cambium";
const plugin: Pick<Plugin, "name"> = ${ADD_ON};
export default plugin;`;

/** A folder with pictures and its own lock file, so that Cambium's stays unchanged. */
async function trainer() {
  const folder = await Deno.makeTempDir();
  await writeDiscs(join(folder, "discs"), 12);
  const lock = join(folder, "deno.lock");
  await Deno.copyFile(fileURLToPath(new URL("../../deno.lock", import.meta.url)), lock);
  const tiny =
    "--data discs --cache cache --backend cpu --start-resolution 4 --resolution 4 --sched 4:4 " +
    "--images 8 " +
    "--channel-max 8 --channel-min 4 --latent-size 8 --preview-count 4 --sample-every 8";
  return {
    folder,
    run: (args: readonly string[], env: Record<string, string> = {}, deno: string[] = []) =>
      runCli(args, folder, { deno: ["--lock", lock, ...deno], env: { DENO_DIR: denoDir, ...env } }),
    train: (
      plugin: string,
    ) => [
      "train",
      ...tiny.split(" "),
      "--plugin",
      "stylegan",
      "--plugin",
      plugin,
      "--mine-word",
      "hello",
    ],
    remove: () => Deno.remove(folder, { recursive: true }),
  };
}

/** Deno's cache for this process; a test that sets another HOME would lose it. */
const denoDir = await cacheOfDeno();

async function cacheOfDeno(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}

/** Trains with a plugin, then resumes the run; both must call the plugin. */
async function trainsAndGoesOn(
  { run, train }: Awaited<ReturnType<typeof trainer>>,
  plugin: string,
  env: Record<string, string> = {},
  more: string[] = [],
): Promise<void> {
  const first = await run([...train(plugin), ...more], env);
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stdout, /at 8: hello/);
  const second = await run(["train", "--resume", "--images", "16", "--backend", "cpu"], env);
  assert.equal(second.code, 0, second.stderr);
  assert.match(second.stdout, /at 16: hello/);
}

Deno.test(
  "a package is a plugin by npm:, in training and on resume; one that is none is " +
    "told",
  async () => {
    const registry = await serveNpmPackage({
      name: "@somebody/cambium-mine",
      version: "1.2.0",
      main: "mod.js",
      files: { "mod.js": PACKAGED, "none.js": "export const plugin = 3;" },
    });
    const session = await trainer();
    try {
      const env = { HOME: session.folder };
      await Deno.writeTextFile(
        join(session.folder, ".npmrc"),
        `@somebody:registry=${registry.url}\n`,
      );
      await trainsAndGoesOn(session, "npm:@somebody/cambium-mine@1.2.0", env);
      const none = await session.run(
        session.train("npm:@somebody/cambium-mine@1.2.0/none.js"),
        env,
      );
      assert.equal(none.code, 2);
      assert.match(none.stderr, /Cannot use plugin "npm:.*none\.js": .* received none/);
      const unknown = await session.run(session.train("npm:@somebody/unknown"), env);
      assert.equal(unknown.code, 2);
      assert.match(unknown.stderr, /Cannot load plugin "npm:@somebody\/unknown": .*does not exist/);
    } finally {
      await registry.close();
      await Deno.remove(join(denoDir, "npm", new URL(registry.url).port), { recursive: true })
        .catch(() => {}); // if Deno's cache is elsewhere, a little remains in it
      await session.remove();
    }
  },
);

Deno.test(
  "a TypeScript file on the web is a plugin, may import cambium, and may not change " +
    "unseen",
  async () => {
    let code = IMPORTING;
    const server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen() {} },
      ({ url }) =>
        url.endsWith("/mine.ts")
          ? new Response(code, { headers: { "content-type": "text/typescript" } })
          : new Response("", { status: 404 }),
    );
    const session = await trainer();
    try {
      const url = `http://127.0.0.1:${server.addr.port}`;
      // http: is not integrity-protected
      await trainsAndGoesOn(session, `${url}/mine.ts`, {}, ["--trust"]);
      const missing = await session.run([...session.train(`${url}/none.ts`), "--trust"]);
      assert.equal(missing.code, 2);
      assert.match(missing.stderr, /Cannot load plugin "http:.*none\.ts": .*404|not found/i);
      code = code.replace("Says", "Tells");
      const again = ["train", "--resume", "--images", "24", "--backend", "cpu"];
      const changed = await session.run(again, {}, [`--reload=${url}`]);
      assert.notEqual(changed.code, 0);
      assert.match(changed.stderr, /integrity|checksum|hash/i);
    } finally {
      await server.shutdown();
      await session.remove();
    }
  },
);
