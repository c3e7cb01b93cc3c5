import assert from "node:assert/strict";
import { withFolder } from "../testing/with_folder.ts";
import { createRunFolder } from "./folder/run_folder.ts";
import { chooseRun, placeFlags } from "./places.ts";

Deno.test("placeFlags() names only places that a command would not find by itself, as a shell takes them", () => {
  assert.equal(placeFlags({ runs: "runs" }), "");
  assert.equal(placeFlags({ runs: "/tmp/my-runs" }), " --runs /tmp/my-runs");
  assert.equal(placeFlags({ runs: "it's mine" }), ` --runs 'it'"'"'s mine'`);
  assert.equal(
    placeFlags({ runs: "runs", kv: "https://kv.test/a?b" }),
    " --kv 'https://kv.test/a?b'",
  );
});

Deno.test("chooseRun() says which run it took where several have the name, and nothing where one has", () =>
  withFolder(async (runs) => {
    const lines: string[] = [], notices = { log: (line: string) => void lines.push(line) };
    const { id: first } = await createRunFolder(runs, { plugin: "p", data: "cats" });
    assert.equal((await chooseRun({ runs }, "cats", notices)).id, first);
    assert.deepEqual(lines, []);
    const { id: second } = await createRunFolder(runs, { plugin: "p", data: "cats" });
    assert.equal((await chooseRun({ runs }, "cats", notices)).id, second);
    assert.deepEqual(lines, [`2 runs have the name "cats": ${second} is the newest`]);
  }));
