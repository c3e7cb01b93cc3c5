import assert from "node:assert/strict";
import { childEnvironment, COMPUTE_NAMES, DENO_NAMES, PYTHON_NAMES } from "./child_environment.ts";

const SHELL = {
  ...{ PATH: "/bin", HOME: "/home/a", LC_ALL: "C", https_proxy: "p", NODE_EXTRA_CA_CERTS: "c" },
  ...{ SSL_CERT_FILE: "f", REQUESTS_CA_BUNDLE: "b", PIP_INDEX_URL: "i", NPM_CONFIG_REGISTRY: "r" },
  ...{ CUDA_VISIBLE_DEVICES: "", TF_CPP_MIN_LOG_LEVEL: "1", CAMBIUM_CACHE: "x" },
  ...{
    AWS_SECRET_ACCESS_KEY: "s",
    GITHUB_TOKEN: "s",
    DENO_KV_ACCESS_TOKEN: "s",
    SSH_AUTH_SOCK: "s",
  },
  ...{ CAMBIUM_WEB_TOKEN: "s", LD_PRELOAD: "s", PYTHONPATH: "s", NODE_OPTIONS: "s", HF_TOKEN: "s" },
};

const COMMON = {
  ...{ PATH: "/bin", HOME: "/home/a", LC_ALL: "C", https_proxy: "p", NODE_EXTRA_CA_CERTS: "c" },
  ...{ SSL_CERT_FILE: "f", REQUESTS_CA_BUNDLE: "b" },
};

Deno.test(
  "childEnvironment() gives what a process needs, and no token or code of another " +
    "program",
  () => {
    assert.deepEqual(childEnvironment([], {}, SHELL), COMMON);
    assert.deepEqual(childEnvironment(PYTHON_NAMES, {}, SHELL), { ...COMMON, PIP_INDEX_URL: "i" });
    assert.deepEqual(
      childEnvironment([DENO_NAMES, COMPUTE_NAMES], { CAMBIUM_CACHE: "own" }, SHELL),
      {
        ...COMMON,
        NPM_CONFIG_REGISTRY: "r",
        CUDA_VISIBLE_DEVICES: "",
        TF_CPP_MIN_LOG_LEVEL: "1",
        CAMBIUM_CACHE: "own",
      },
    );
  },
);

Deno.test("every process that Cambium starts is given a chosen environment", async () => {
  const commands: string[] = [], root = new URL("../", import.meta.url);
  const walk = async (folder: string): Promise<void> => {
    for await (const { name, isDirectory } of Deno.readDir(new URL(folder, root))) {
      const path = folder + name;
      if (isDirectory) {
        await walk(path + "/");
      } else if (/\.tsx?$/.test(name) && !/_test\.tsx?$|\/test_/.test(path)) {
        const text = await Deno.readTextFile(new URL(path, root));
        for (const { index } of text.matchAll(/new Deno\.Command\(/g)) {
          commands.push(path);
          assert.match(text.slice(index, index + 1500), /clearEnv: true/, path);
        }
      }
    }
  };
  for (const folder of ["core/", "cli/", "plugins/", "datasets/", "web/"]) await walk(folder);
  assert.ok(commands.length >= 6, commands.join());
});
