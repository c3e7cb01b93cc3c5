import assert from "node:assert/strict";
import { acquireRunLock, lockHolder, RunLockedError } from "./lock.ts";
import { whileHeld } from "./test_process.ts";
import { withFolder } from "./test_folder.ts";

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

Deno.test("acquireRunLock() says so where the holder is not known", () =>
  withFolder(async (folder) => {
    using _lock = await acquireRunLock(folder);
    await Deno.writeTextFile(`${folder}/.lock`, "{");
    await assert.rejects(acquireRunLock(folder), /but another process is training this run\./);
    assert.equal(await lockHolder(folder), "unknown");
  }));
