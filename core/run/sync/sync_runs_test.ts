import assert from "node:assert/strict";
import { withFolder } from "../../testing/with_folder.ts";
import { keptNotices } from "../notices.ts";
import { writeOddRuns } from "../test_runs.ts";
import { addUnknownRuns, syncRuns } from "./sync_runs.ts";

Deno.test("a run that someone has spoilt is told, and keeps no other from the store", () =>
  withFolder(async (runs) => {
    const reasons = await writeOddRuns(runs), log: string[] = [];
    const whole = [...reasons].filter(([, reason]) => reason === null).map(([id]) => id);
    const notices = keptNotices({ log: (line) => void log.push(line) });
    await addUnknownRuns({ runs }, notices);
    assert.deepEqual(log, whole.map((id) => `${id} is added to Deno KV from its folder`));
    const { runs: synced } = await syncRuns({ runs }, notices);
    for (const [id, reason] of reasons) {
      const became = synced[id];
      if (reason === null) assert.equal(became, "same", id);
      else assert.match(typeof became === "object" ? became.unreadable : "", reason, id);
    }
    for (const [id, reason] of reasons) {
      const told = notices.warnings.find((warning) => warning.startsWith(`${id} is not shown: `));
      if (reason === null) assert.equal(told, undefined);
      else assert.match(told ?? "", reason);
    }
  }));
