/**
 * Small inputs crafted to take much time or memory are rejected in bounded time and memory, each in
 * its own process.
 */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { withFolder } from "../../core/testing/with_folder.ts";
import { toEnd } from "../faults/tiny_run.ts";

const CHILD = fileURLToPath(new URL("./bombs_child.ts", import.meta.url));

/** The message for each, and how many megabytes reading it may take in addition to the input. */
const BOMBS: Record<string, { said: RegExp; megabytes: number }> = {
  nothing: { said: /^nothing was read$/, megabytes: 20 }, // what the measurement itself takes
  "a deep manifest": { said: /CorruptCheckpointError.*at most 32 levels/, megabytes: 60 },
  "a deep safetensors header": { said: /CorruptCheckpointError.*at most 32 levels/, megabytes: 60 },
  "a safetensors header of 2^62 bytes": { said: /CorruptCheckpointError/, megabytes: 20 },
  "a deep configuration": { said: /UsageError: Cannot read/, megabytes: 40 },
  "a deep sketch": { said: /^0 drawings; .+/, megabytes: 200 },
  "a sketch of a million points": { said: /^0 drawings; .*more than/, megabytes: 150 },
  "a path of a million vertices": {
    said: /DrawingError.*more than 200,000 characters/,
    megabytes: 60,
  },
  "ten thousand strokes of two points": {
    said: /^0 drawings; .*more than 512 parts/,
    megabytes: 150,
  },
  "a billion laughs": { said: /DrawingError.*entities grow too large/, megabytes: 60 },
  "a billion uses": { said: /DrawingError.*more than 100000 elements/, megabytes: 100 },
  "gzip that unpacks to a gigabyte": { said: /DrawingError.*unpacks to too much/, megabytes: 300 },
  "a path of arcs without end": { said: /DrawingError: more than 20000 points/, megabytes: 100 },
  "forty thousand nested groups": { said: /DrawingError.*nested too deep/, megabytes: 150 },
  "a zip bomb": { said: /^0 files; inflates more than 100 times/, megabytes: 40 },
  "a zip bomb with a header that lies": { said: /^1 files; RangeError/, megabytes: 40 },
  "a zip of thirty thousand entries": { said: /^30000 files; 0 bytes/, megabytes: 200 },
};
const SECONDS = 10; // most take hundredths of a second, but the machine may be busy

for (const [name, bound] of Object.entries(BOMBS)) {
  Deno.test({
    name: `reading ${name} takes at most ${bound.megabytes} MB and ends soon`,
    ignore: Deno.build.os !== "linux",
    fn: () =>
      withFolder(async (folder) => {
        const { code, out, err } = await toEnd(Deno.execPath(), [
          "run",
          "-A",
          "--no-check",
          "--quiet",
          CHILD,
          name,
          folder,
        ]);
        assert.equal(code, 0, err);
        const { said, seconds, megabytes } = JSON.parse(out);
        assert.match(said, bound.said);
        assert.ok(seconds < SECONDS, `${seconds} s`);
        assert.ok(megabytes < bound.megabytes, `${megabytes} MB`);
      }),
  });
}
