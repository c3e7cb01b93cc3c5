import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../../testing/with_folder.ts";
import { openRunStore } from "./open_store.ts";
import { keys } from "./kv_keys.ts";
import { KvRunStore } from "./kv_store.ts";
import { testDetails, testHead } from "./test_records.ts";
import { childArguments, runChild, whileHeld } from "../folder/test_process.ts";

Deno.test(
  "a store that another process holds locked rejects in time, and works again " +
    "afterwards",
  () =>
    withFolder(async (folder) => {
      const path = join(folder, "cambium.kv");
      const writer = await openRunStore(path, { deadline: 20_000 });
      await writer.create(testHead("a"), testDetails());
      writer.close();
      const store = await openRunStore(path, { deadline: 2000 });
      await whileHeld("lock-kv", path, async (held) => {
        await assert.rejects(
          store.update("a", { imagesSeen: 8 }),
          /Cannot update a run in the run store at .*cambium\.kv: (database is locked|expected an answer)/,
        );
        assert.equal((await store.head("a"))!.imagesSeen, 0); // reading goes on
        await held.end();
      });
      await store.update("a", { imagesSeen: 16 });
      assert.equal((await store.head("a"))!.imagesSeen, 16);
      store.close();
    }),
);

Deno.test("a change waits for a lock that is given back before the deadline", () =>
  withFolder(async (folder) => {
    const path = join(folder, "cambium.kv");
    const store = await openRunStore(path, { deadline: 20_000 });
    await store.create(testHead("a"), testDetails());
    await whileHeld("lock-kv", path, async (held) => {
      const changes = [
        store.update("a", { imagesSeen: 8 }),
        store.appendSeries("a", [{ imagesSeen: 8, time: 1, values: { loss: 1 } }]),
      ];
      await held.end();
      await Promise.all(changes);
    });
    assert.equal((await store.head("a"))!.imagesSeen, 8);
    assert.equal((await store.readSeries("a")).imagesSeen.length, 1);
    store.close();
  }));

Deno.test("two processes write one run, and nothing of either is lost", () =>
  withFolder(async (folder) => {
    const path = join(folder, "cambium.kv");
    const store = await openRunStore(path, { deadline: 20_000 });
    await store.create(testHead("a"), testDetails());
    const child = runChild("append", path, 40);
    for (let i = 0; i < 40; i++) {
      await store.appendSeries("a", [{ imagesSeen: i, time: 1, values: { parent: i } }]);
      await store.update("a", { alpha: 0.5 });
    }
    const { success, stderr } = await child;
    assert.ok(success, new TextDecoder().decode(stderr));
    const { values } = await store.readSeries("a");
    const numbers = Array.from({ length: 40 }, (_, i) => i);
    for (const name of ["child", "parent"]) {
      const points = [...values[name]!].filter((value) => !Number.isNaN(value));
      assert.deepEqual(points, numbers, name);
    }
    assert.equal((await store.readLog("a")).lines.length, 40);
    const head = (await store.head("a"))!;
    assert.deepEqual([head.imagesSeen, head.alpha], [39, 0.5]);
    store.close();
  }));

Deno.test("handles that write one run at once try again until each change is in", () =>
  withFolder(async (folder) => {
    const path = join(folder, "cambium.kv");
    const stores = await Promise.all([1, 2, 3].map(() => openRunStore(path, { deadline: 20_000 })));
    const [store] = stores as [typeof stores[number]]; // there are three
    await store.create(testHead("a"), testDetails());
    const line = { time: 1, imagesSeen: 1, level: "info" as const, message: "hi" };
    await Promise.all(stores.map(async (writer, w) => {
      for (let i = 0; i < 15; i++) {
        await writer.appendSeries("a", [{ imagesSeen: i, time: 1, values: { [`writer${w}`]: i } }]);
        await writer.appendLog("a", [line]);
        await writer.update("a", [{ pid: i }, { seed: i }, { sessions: i }][w]!); // three writers
      }
    }));
    const { values, imagesSeen } = await store.readSeries("a");
    assert.equal(imagesSeen.length, 45);
    for (const name of ["writer0", "writer1", "writer2"]) {
      const points = [...values[name]!].filter((value) => !Number.isNaN(value));
      assert.deepEqual(points, Array.from({ length: 15 }, (_, i) => i), name);
    }
    assert.equal((await store.readLog("a")).lines.length, 45);
    const { pid, seed, sessions } = (await store.head("a"))!;
    assert.deepEqual([pid, seed, sessions], [14, 14, 14]);
    for (const writer of stores) writer.close();
  }));

Deno.test("watchers see what another process writes", () =>
  withFolder(async (folder) => {
    const path = join(folder, "cambium.kv");
    const store = await openRunStore(path, { pollInterval: 20, deadline: 60_000 });
    await store.create(testHead("a"), testDetails());
    await store.create(testHead("b"), testDetails());
    const until = async (id: string | undefined, done: () => Promise<boolean>) => {
      const stop = new AbortController();
      for await (const _ of store.watch(id, stop.signal)) if (await done()) stop.abort();
    };
    let wakesOfB = 0;
    const stopB = new AbortController();
    const countB = (async () => {
      for await (const _ of store.watch("b", stopB.signal)) wakesOfB++;
    })();
    const isDone = async () => (await store.head("a"))!.imagesSeen === 4;
    const [{ success }] = await Promise.all([
      runChild("append", path, 5),
      until("a", isDone),
      until("a", isDone), // two watchers, one poller
      until(undefined, async () => (await store.list())[0]!.imagesSeen === 4),
    ]);
    assert.ok(success);
    stopB.abort();
    await countB;
    assert.ok(wakesOfB <= 3, `${wakesOfB} wakes of a run that did not change`);
    store.close();
  }));

Deno.test("a deletion that is cut off leaves nothing for a new run of that name", () =>
  withFolder(async (folder) => {
    const place = join(folder, "cambium.kv"), store = await openRunStore(place);
    for (let commits = 0; commits < 3; commits++) {
      await store.create(testHead("a"), testDetails());
      await store.addCheckpoint("a", { imagesSeen: 8, path: "c", bytes: 1, digest: "d", time: 1 });
      const kv = await Deno.openKv(place), atomic = kv.atomic.bind(kv);
      let left = commits;
      kv.atomic = () => {
        const operation = atomic(), commit = operation.commit.bind(operation);
        operation.commit = () => left-- > 0 ? commit() : Promise.reject(new Error("killed"));
        return operation;
      };
      const killed = new KvRunStore(kv, { place });
      if (commits < 2) await assert.rejects(killed.delete("a"), /killed/);
      else await killed.delete("a");
      killed.close();
      if (await store.head("a")) await store.delete("a");
      await store.create(testHead("a"), testDetails());
      assert.deepEqual(await store.checkpoints("a"), [], `after ${commits} commits`);
      await store.delete("a");
    }
    store.close();
  }));

Deno.test("a store whose write-ahead log or file was deleted opens again", () =>
  withFolder(async (folder) => {
    const path = join(folder, "cambium.kv");
    const create = async (id: string) => {
      const store = await openRunStore(path);
      await store.create(testHead(id), testDetails());
      store.close();
    };
    await create("a");
    for (const suffix of ["-wal", "-shm"]) await Deno.remove(path + suffix).catch(() => {});
    await create("b");
    await Deno.remove(path);
    for (const suffix of ["-wal", "-shm"]) await Deno.remove(path + suffix).catch(() => {});
    await create("c");
    const store = await openRunStore(path);
    assert.deepEqual((await store.list()).map((head) => head.id), ["c"]);
    store.close();
  }));

Deno.test("openRunStore() says what is wrong with a file, a folder, a URL or a newer store", () =>
  withFolder(async (folder) => {
    const bad = join(folder, "bad.kv");
    await Deno.writeTextFile(bad, "not a database ".repeat(1000));
    await assert.rejects(openRunStore(bad), /bad\.kv: file is not a database.*move it away/);
    await assert.rejects(openRunStore(folder), /unable to open database file/);
    await Deno.writeTextFile(join(folder, "file"), "");
    await assert.rejects(openRunStore(join(folder, "file", "x.kv")), /Not a directory|exists/i);
    const newer = join(folder, "newer.kv");
    const kv = await Deno.openKv(newer);
    await kv.set(keys.schema, 2);
    kv.close();
    await assert.rejects(openRunStore(newer), /expected schema 1, received 2/);
    const token = Deno.env.get("DENO_KV_ACCESS_TOKEN");
    Deno.env.delete("DENO_KV_ACCESS_TOKEN");
    try {
      await assert.rejects(openRunStore("https://localhost:1/x"), /DENO_KV_ACCESS_TOKEN/);
    } finally {
      if (token !== undefined) Deno.env.set("DENO_KV_ACCESS_TOKEN", token);
    }
  }));

function canMount(): boolean {
  try {
    const args = ["-Urm", "sh", "-c", "mount -t tmpfs tmpfs /mnt"];
    return new Deno.Command("unshare", { args, stdout: "null", stderr: "null" }).outputSync()
      .success;
  } catch {
    return false;
  }
}

Deno.test({
  name: "a full disk rejects changes with its reason, and the store works once there is room",
  ignore: !canMount(),
  fn: () =>
    withFolder(async (folder) => {
      const seed = join(folder, "seed.kv");
      const store = await openRunStore(seed);
      await store.create(testHead("a"), testDetails());
      store.close();
      const mounted = join(folder, "small");
      await Deno.mkdir(mounted);
      const script = `mount -t tmpfs -o size=1m tmpfs "$2" && cp "$1" "$2/x.kv" &&
        head -c 600000 /dev/zero > "$2/x.kv.fill" && shift 2 && "$0" "$@"`;
      const { stdout, stderr } = await new Deno.Command("unshare", {
        args: [
          ...["-Urm", "sh", "-c", script, Deno.execPath(), seed, mounted],
          ...childArguments("append-until-full", join(mounted, "x.kv"), 150),
        ],
      }).output();
      const text = new TextDecoder().decode(stdout) || new TextDecoder().decode(stderr);
      const { errors, read, head } = JSON.parse(text);
      assert.ok(errors.length > 0);
      for (const message of errors) {
        assert.match(message, /Cannot append to the log in .*(database or disk is full|disk I\/O)/);
      }
      assert.deepEqual([read, head.imagesSeen], [1, 7]);
    }),
});
