import assert from "node:assert/strict";
import { placeFlags } from "./places.ts";

Deno.test("placeFlags() names only places that a command would not find by itself, as a shell takes them", () => {
  assert.equal(placeFlags({ runs: "runs" }), "");
  assert.equal(placeFlags({ runs: "/tmp/my-runs" }), " --runs /tmp/my-runs");
  assert.equal(placeFlags({ runs: "it's mine" }), ` --runs 'it'"'"'s mine'`);
  assert.equal(
    placeFlags({ runs: "runs", kv: "https://kv.test/a?b" }),
    " --kv 'https://kv.test/a?b'",
  );
});
