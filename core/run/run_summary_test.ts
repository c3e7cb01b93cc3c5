import assert from "node:assert/strict";
import { withFolder } from "../testing/with_folder.ts";
import { findRuns } from "./folder/run_folder.ts";
import { summarize } from "./run_summary.ts";
import { writeOddRuns } from "./test_runs.ts";

Deno.test("summarize() says of a run that someone has spoilt why it is unreadable", () =>
  withFolder(async (runs) => {
    const reasons = await writeOddRuns(runs);
    for (const folder of await findRuns(runs)) {
      const { status, imagesSeen, error } = await summarize(folder, null);
      const reason = reasons.get(folder.id);
      if (reason) {
        assert.equal(status, "unreadable", folder.id);
        assert.match(error ?? "", reason);
      } else assert.deepEqual([status, imagesSeen, error], ["stopped", 32, null]);
    }
  }));
