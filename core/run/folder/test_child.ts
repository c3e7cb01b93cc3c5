/** For tests: runs one task in a separate process. Arguments: the task, a path, and a count. */
import { DatabaseSync } from "node:sqlite";
import { acquireRunLock, lockHolder } from "./lock.ts";
import { openRunStore } from "../store/open_store.ts";
import { createRunFolder } from "./run_folder.ts";

const [what, path, number] = Deno.args as [string, string, string]; // the tests pass all three
const count = Number(number);

/** Resolves when the parent process closes standard input. */
async function parentIsDone(): Promise<void> {
  for await (const _ of Deno.stdin.readable);
}

if (what === "lock-run") {
  using _lock = await acquireRunLock(path);
  console.log("held");
  await parentIsDone();
} else if (what === "look-at-lock") {
  let done = false;
  console.log("held"); // repeatedly, for a moment each
  await Promise.all([
    parentIsDone().then(() => done = true),
    ...Array.from({ length: 4 }, async () => {
      while (!done) await lockHolder(path);
    }),
  ]);
} else if (what === "lock-kv") {
  const database = new DatabaseSync(path);
  database.exec("PRAGMA busy_timeout = 20000"); // waits for current writers
  database.exec("BEGIN IMMEDIATE");
  console.log("held");
  await parentIsDone();
  database.exec("ROLLBACK");
  database.close();
} else if (what === "create-folders") {
  for (let i = 0; i < count; i++) await createRunFolder(path, { plugin: "p", data: `child-${i}` });
} else if (what === "append") {
  const store = await openRunStore(path, { deadline: 60_000 });
  for (let i = 0; i < count; i++) {
    await store.appendSeries("a", [{ imagesSeen: i, time: 1, values: { child: i } }]);
    await store.appendLog("a", [{ time: 1, imagesSeen: i, level: "info", message: `child ${i}` }]);
    await store.update("a", { imagesSeen: i });
  }
  store.close();
} else if (what === "append-until-full") {
  const store = await openRunStore(path, { deadline: 60_000 });
  const errors = new Set<string>();
  const message = "x".repeat(4000);
  for (let i = 0; i < count; i++) {
    const line = { time: 1, imagesSeen: i, level: "info" as const, message };
    await store.appendLog("a", [line]).catch((error: Error) => errors.add(error.message));
  }
  await Deno.remove(`${path}.fill`); // frees space
  await store.update("a", { imagesSeen: 7 });
  const { lines } = await store.readLog("a", { limit: 1 });
  console.log(
    JSON.stringify({ errors: [...errors], read: lines.length, head: await store.head("a") }),
  );
  store.close();
} else {
  throw new Error(`Cannot run ${what}: expected a known task`);
}
