/** The dashboard when the process that draws for its Explore page cannot start. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { startDashboard } from "../../cli/start_dashboard.ts";
import { keptNotices } from "../../core/run/notices.ts";
import { withFolder } from "../../core/testing/with_folder.ts";

Deno.test("the dashboard opens without Explore where nothing can be drawn with, and says so", () =>
  withFolder(async (folder) => {
    const notices = keptNotices();
    const dashboard = await startDashboard({
      ...{ runs: join(folder, "runs"), host: "127.0.0.1", port: 0, explore: true },
      ...{ backend: "tensorflow", tensorflow: join(folder, "nowhere"), download: false },
    }, notices);
    try {
      const page = await fetch(new URL("explore", dashboard.url), {
        headers: { accept: "text/html" },
      });
      assert.match(await page.text(), /no generating process was started/);
      assert.match(notices.warnings.join("\n"), /^Explore can't draw: its process has ended/);
    } finally {
      await dashboard.close();
    }
  }));
