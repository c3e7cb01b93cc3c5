/**
 * The names that `cambium` exports are listed by hand, so that changes of the API are deliberate.
 */
import assert from "node:assert/strict";
import * as cambium from "../../core/mod.ts";
import stored from "./names.json" with { type: "json" };

const text = await Deno.readTextFile(new URL("../../core/mod.ts", import.meta.url));

Deno.test('"cambium" exports the stored names, each one written out', () => {
  const statements = text.replaceAll(/\/\*.*?\*\/|\/\/[^\n]*/gs, "").split(";");
  const names: string[] = [];
  for (const statement of statements.map((s) => s.trim()).filter(Boolean)) {
    const list = /^export (?:type )?\{(.*)\} from "[^"]+"$/s.exec(statement)?.[1];
    const namespace = /^export \* as (\w+) from "[^"]+"$/.exec(statement)?.[1];
    assert.ok(list ?? namespace, `expected names that are written out, received ${statement}`);
    names.push(...(namespace ?? list!).split(",").map((n) => n.trim().replace(/^type /, "")));
  }
  const exported = names.filter(Boolean).sort();
  assert.deepEqual(exported, stored, "change tests/api/names.json with the API, and the guide");
  for (const name of Object.keys(cambium)) assert.ok(stored.includes(name), name);
});
