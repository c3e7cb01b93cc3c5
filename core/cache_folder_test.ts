import assert from "node:assert/strict";
import { join } from "node:path";
import { cacheFolder } from "./cache_folder.ts";

Deno.test("cacheFolder() follows CAMBIUM_CACHE, then the system's habit", () => {
  const folder = (env: Record<string, string>, os: typeof Deno.build.os) =>
    cacheFolder((name) => env[name], os);
  assert.equal(folder({ CAMBIUM_CACHE: "/c", HOME: "/h" }, "linux"), "/c");
  assert.equal(folder({ XDG_CACHE_HOME: "/x", HOME: "/h" }, "linux"), join("/x", "cambium"));
  assert.equal(
    folder({ XDG_CACHE_HOME: "", HOME: "/h" }, "linux"),
    join("/h", ".cache", "cambium"),
  );
  assert.equal(folder({ HOME: "/h" }, "darwin"), join("/h", "Library", "Caches", "cambium"));
  assert.equal(folder({ LOCALAPPDATA: "/l", HOME: "/h" }, "windows"), join("/l", "cambium"));
  assert.equal(folder({}, "linux"), undefined);
});
