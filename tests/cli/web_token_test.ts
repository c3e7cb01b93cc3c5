import assert from "node:assert/strict";
import { withFolder } from "../../core/testing/with_folder.ts";
import { MIN_TOKEN_LENGTH } from "../../web/security/session.ts";
import { withDashboard } from "./dashboard_process.ts";

Deno.test("`web --host --token` takes the shortest token that the server takes, and lets nobody in without", () =>
  withFolder((runs) => {
    const token = "t".repeat(MIN_TOKEN_LENGTH);
    return withDashboard(["--runs", runs, "--host", "0.0.0.0", "--token", token], async (url) => {
      const without = await fetch(url);
      assert.equal(without.status, 401);
      await without.body?.cancel();
      const withToken = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
      assert.equal(withToken.status, 200);
      await withToken.body?.cancel();
    });
  }));
