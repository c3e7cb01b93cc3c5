import assert from "node:assert/strict";
import { join } from "node:path";
import { withFolder } from "../../testing/with_folder.ts";
import { fields, records, sub, text } from "../tensorboard/test_events.ts";
import type { Position } from "../../schedule.ts";
import { tensorboardObserver } from "./tensorboard_observer.ts";

Deno.test(
  "tensorboardObserver() writes every curve, the pace too, at the time that a point was " +
    "measured",
  () =>
    withFolder(async (folder) => {
      const observer = await tensorboardObserver(folder);
      const progress = { imagesSeen: 64, imagesPerSecond: 32, values: { "loss/generator": 0.5 } };
      await observer.on({
        ...{ type: "progress", ...progress, time: 1_700_000_001_500 },
        // not read
        ...{ imagesTotal: 128, etaSeconds: 2, trainedSeconds: 2, position: {} as Position },
      });
      const metrics = { imagesSeen: 96, values: { fid: 8 }, time: 1_700_000_002_500 };
      await observer.on({ type: "metrics", ...metrics });
      await Deno.writeFile(join(folder, "grid.png"), Uint8Array.of(1, 2, 3));
      await observer.on({
        type: "samples",
        entry: {
          ...{ path: "grid.png", imagesSeen: 128, resolution: 4, phaseKind: "stabilize" },
          ...{ alpha: 1, weights: "ema", columns: 2, rows: 1, cell: 4, time: 1_700_000_003_500 },
        },
        removed: [],
      });
      await observer.close?.();
      const [file] = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)
        .then((names) => names.filter((name) => name.startsWith("events.")));
      const events = records(await Deno.readFile(join(folder, file!))).map(fields).slice(1);
      assert.deepEqual(
        events.map((event) => [
          ...sub(event, 1),
          ...sub(event, 2),
          ...sub(fields(sub(event, 5)[0] as Uint8Array), 1).map((value) =>
            text(sub(fields(value as Uint8Array), 1)[0])
          ),
        ]),
        [
          [1_700_000_001.5, 64, "loss/generator", "rate/images_per_second"],
          [1_700_000_002.5, 96, "fid"],
          [1_700_000_003.5, 128, "samples"],
        ],
      );
    }),
);
