import assert from "node:assert/strict";
import { inspectCommand } from "./inspect_command.ts";

const usual = {
  resolution: 64,
  fit: "cover",
  background: "#ffffff",
  channels: 3 as const,
  skipSmaller: false,
  cache: undefined,
};

Deno.test("inspectCommand() says no more than what is not the default", () => {
  assert.equal(
    inspectCommand({ kind: "images", source: "emoji" }, usual),
    "deno task data inspect emoji --all",
  );
});

Deno.test("inspectCommand() keeps what the cache depends on, as a shell takes it", () => {
  const place = {
    resolution: 128,
    fit: "contain",
    background: "#000000",
    channels: 1 as const,
    skipSmaller: true,
    cache: "/tmp/a cache",
  };
  assert.equal(
    inspectCommand({ kind: "images", source: "it's mine" }, place),
    `deno task data inspect 'it'"'"'s mine' --resolution 128 --fit contain --background ` +
      `'#000000' ` +
      "--grey --skip-smaller --cache '/tmp/a cache' --all",
  );
});

Deno.test("inspectCommand() names the kind of sketches, which have no cache", () => {
  assert.equal(
    inspectCommand({ kind: "sketches", source: "icons" }, { ...usual, cache: "/tmp/cache" }),
    "deno task data inspect icons --kind sketches --all",
  );
});
