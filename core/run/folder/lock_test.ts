import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../../testing/with_folder.ts";
import { acquireRunLock, LOCK_NAME, lockHolder, RunLockedError } from "./lock.ts";
import { whileHeld } from "./test_process.ts";

Deno.test("acquireRunLock() lets one in, also within a process, until it is released", () =>
  withFolder(async (folder) => {
    assert.equal(await lockHolder(folder), null);
    const lock = await acquireRunLock(folder);
    await assert.rejects(acquireRunLock(folder), (error: Error) => {
      assert.ok(error instanceof RunLockedError);
      assert.equal(error.holder!.pid, Deno.pid);
      return true;
    });
    const holder = await lockHolder(folder);
    assert.ok(holder !== null && holder !== "unknown");
    assert.equal(holder.host, Deno.hostname());
    lock.release();
    lock.release();
    assert.equal(await lockHolder(folder), null);
    using _again = await acquireRunLock(folder);
  }));

Deno.test("acquireRunLock() names the process that trains, and is free once that is killed", () =>
  withFolder((folder) =>
    whileHeld("lock-run", folder, async ({ pid, kill }) => {
      await assert.rejects(
        acquireRunLock(folder),
        new RegExp(`process ${pid} on ${Deno.hostname()} is training this run since \\d{4}-`),
      );
      await kill();
      (await acquireRunLock(folder)).release();
    })
  ));

Deno.test("acquireRunLock() waits for a reader of the lock", () =>
  withFolder(async (folder) => {
    (await acquireRunLock(folder)).release();
    const reader = await Deno.open(join(folder, LOCK_NAME), { read: true });
    assert.ok(await reader.tryLock(false));
    const timer = setTimeout(() => reader.close(), 30); // closing unlocks
    (await acquireRunLock(folder)).release();
    clearTimeout(timer); // it has closed the file: nobody could take the lock before
  }));

Deno.test("acquireRunLock() is not refused while processes look who holds it", () =>
  withFolder(async (folder) => {
    (await acquireRunLock(folder)).release();
    await whileHeld("look-at-lock", folder, async () => {
      let done = false;
      const looks = (async () => {
        while (!done) await lockHolder(folder);
      })();
      for (let i = 0; i < 200; i++) (await acquireRunLock(folder)).release();
      done = true;
      await looks;
    });
  }));

Deno.test("acquireRunLock() says so where the holder is not known", () =>
  withFolder(async (folder) => {
    using _lock = await acquireRunLock(folder);
    await Deno.writeTextFile(`${folder}/.lock`, "{");
    await assert.rejects(acquireRunLock(folder), /but another process is training this run\./);
    assert.equal(await lockHolder(folder), "unknown");
  }));

Deno.test("acquireRunLock() says what it was taken for", () =>
  withFolder(async (folder) => {
    using _lock = await acquireRunLock(folder);
    await assert.rejects(acquireRunLock(folder), /^RunLockedError: Cannot train in .*another run$/);
    await assert.rejects(
      acquireRunLock(folder, "delete"),
      /^RunLockedError: Cannot delete .* is training this run since .*\. Stop it first$/,
    );
    const gone = join(folder, "gone");
    await assert.rejects(acquireRunLock(gone, "delete"), /^Error: Cannot delete .*gone: expected/);
  }));
