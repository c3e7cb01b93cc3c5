/** The dashboard's own process: its permissions, how it ends, and how it handles floods. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../../core/testing/with_folder.ts";
import { fakeRun } from "../../web/testing/fake_runs.ts";
import { openRunStore } from "../../core/run/mod.ts";
import { childOf } from "./child_of.ts";
import { runCli } from "./cli_process.ts";
import { withDashboard } from "./dashboard_process.ts";
import { writeAll } from "../../core/write_all.ts";

const isLinux = Deno.build.os === "linux"; // inspects processes in /proc

/** Resident memory of a process, in MiB. */
async function residentMemory(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1024;
}

/** Sends a chunked body of this many MiB to a path, without a token. @returns the status line */
async function flood(url: string, path: string, mebibytes: number): Promise<string> {
  const { hostname, port, host } = new URL(url);
  const connection = await Deno.connect({ hostname, port: Number(port) });
  const head = `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nOrigin: http://${host}\r\n` +
    `Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n`;
  const answer = (async () => {
    const bytes = new Uint8Array(4096), count = await connection.read(bytes) ?? 0;
    return new TextDecoder().decode(bytes.subarray(0, count)).split("\r\n")[0]!;
  })();
  try {
    await connection.write(new TextEncoder().encode(head));
    const chunk = new TextEncoder().encode(`100000\r\n${"a".repeat(2 ** 20)}\r\n`);
    for (let i = 0; i < mebibytes; i++) await writeAll(connection, chunk);
  } catch {
    // The server has closed the connection, as it should.
  }
  const line = await answer.catch(() => "closed");
  connection.close();
  return line;
}

Deno.test({
  name:
    "a flood of 300 MB to /login, half-open requests and slow bodies cost no memory, and others are answered",
  ignore: !isLinux,
  fn: () =>
    withFolder((runs) =>
      withDashboard(["--runs", runs, "--allow-host", "box.example"], async (url, process) => {
        const web = await childOf(process.pid, "web/main.ts");
        const before = await residentMemory(web);
        const line = await flood(url, "/login", 300);
        assert.match(line, /413|closed/);
        const { hostname, port, host } = new URL(url);
        const slow = await Promise.all(
          Array.from({ length: 200 }, async (_, i) => {
            const connection = await Deno.connect({ hostname, port: Number(port) });
            const part = i % 2 === 0
              ? `GET / HTTP/1.1\r\nHost: ${host}\r\nX-Slow: `
              : `POST /login HTTP/1.1\r\nHost: ${host}\r\nOrigin: http://${host}\r\nContent-Length: 4000\r\n\r\ntoken=`;
            await connection.write(new TextEncoder().encode(part));
            return connection;
          }),
        );
        const answer = await fetch(new URL("login", url));
        assert.equal(answer.status, 200);
        await answer.body?.cancel();
        const grown = await residentMemory(web) - before;
        assert.ok(grown < 64, `resident memory has grown by ${grown} MiB`);
        for (const connection of slow) connection.close();
      })
    ),
});

Deno.test({
  name:
    "the dashboard's process reads runs and writes their state alone, and ends with the one that started it",
  ignore: !isLinux,
  fn: () =>
    withFolder(async (folder) => {
      const runs = join(folder, "runs"), id = "00001-stylegan-a";
      await Deno.mkdir(runs);
      const store = await openRunStore(join(runs, "cambium.kv"));
      await fakeRun(store, runs, { id, points: 5, grid: 1, snapshots: 1, resolution: 8 });
      const elsewhere = join(folder, "elsewhere"), link = join(runs, "00002-stylegan-b");
      await fakeRun(store, runs, {
        id: "00002-stylegan-b",
        points: 5,
        grid: 1,
        snapshots: 1,
        resolution: 8,
      });
      store.close();
      await Deno.rename(link, elsewhere);
      await Deno.symlink(elsewhere, link);
      await withDashboard(["--runs", runs], async (url, process) => {
        const web = await childOf(process.pid, "web/main.ts");
        const args = (await Deno.readTextFile(`/proc/${web}/cmdline`)).split("\0");
        const of = (flag: string) =>
          args.find((arg) => arg.startsWith(`${flag}=`))?.slice(flag.length + 1);
        assert.equal(of("--allow-write"), join(runs, "cambium.kv"));
        const read = of("--allow-read")!.split(",");
        assert.deepEqual(read.slice(0, 3), [runs, elsewhere, join(runs, "cambium.kv")]);
        assert.deepEqual(read.slice(3).filter((path) => !/\/(web|core|npm)$/.test(path)), []);
        assert.equal(of("--allow-net"), "127.0.0.1:0");
        assert.deepEqual(
          args.filter((arg) => /^(-A|--allow-(all|run|ffi|sys|import))/.test(arg)),
          [],
        );
        assert.equal(of("--allow-env"), "CAMBIUM_WEB_TOKEN,CAMBIUM_EXPLORER,DENO_KV_ACCESS_TOKEN");
        // Deno itself needs environment variables for certificates, proxies and registries to
        // download packages at the first start.
        const environment = await Deno.readTextFile(`/proc/${web}/environ`);
        assert.match(environment, /\bNETWORKS_CA_CERTS=1/);
        assert.doesNotMatch(environment, /SECRET|KV_ACCESS/);
        for (const run of [id, "00002-stylegan-b"]) {
          const picture = await fetch(new URL(`api/runs/${run}/reals`, url));
          assert.equal(picture.status, 200, run);
          await picture.body?.cancel();
        }
        process.kill("SIGKILL");
        await process.status;
        for (
          let tries = 0;
          await Deno.stat(`/proc/${web}/exe`).then(() => true, () => false);
          tries++
        ) {
          assert.ok(tries < 300, "the dashboard's process goes on");
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      }, { env: { NETWORKS_CA_CERTS: "1", SECRET_OF_THE_SHELL: "1", DENO_KV_ACCESS_TOKEN: "1" } });
    }),
});

Deno.test("`web --host ::1` serves on IPv6, and prints an address that opens it", () =>
  withFolder(async (runs) => {
    for (const host of ["::1", "[::1]"]) {
      await withDashboard(["--runs", runs, "--host", host], async (url) => {
        assert.match(url, /^http:\/\/\[::1\]:\d+\/$/);
        const response = await fetch(url);
        assert.equal(response.status, 200);
        await response.body?.cancel();
      });
    }
  }));

Deno.test("`web` tells of a folder of runs that can't be made, and says not that it is made", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "file"), "");
    for (const runs of ["file", "file/runs"]) {
      const { code, stderr } = await runCli(["web", "--runs", runs], folder);
      assert.equal(code, 2, stderr);
      assert.match(stderr, /^error: Cannot make .*received a file at .*file\. Name .* --runs$/m);
      assert.doesNotMatch(stderr, /is made now/);
    }
  }));
