/** The Explore page of a run that was trained with labels. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { createEngine } from "../../cli/explorer/engine.ts";
import { createStatus } from "../../cli/terminal/status.ts";
import { selectBackend } from "../../core/backend/mod.ts";
import type { GenerateRequest } from "../../core/explore/mod.ts";
import { parseRequest } from "../../core/explore/protocol.ts";
import { withFolder } from "../../core/testing/with_folder.ts";
import { trainTiny } from "./discs_run.ts";

Deno.test(
  "Explore draws a run with labels: of the class that is chosen, or each seed of its " +
    "own",
  () =>
    withFolder(async (folder) => {
      await trainTiny(folder);
      const backend = await selectBackend({ name: "cpu" });
      const runs = join(folder, "runs"), id = "00000-stylegan-discs";
      const engine = createEngine({ backend, runs, notices: createStatus(true) });
      const model = await engine.open(id, 16);
      assert.deepEqual(model.labels, ["blue", "red"]);
      const drawn = (request: GenerateRequest) =>
        engine.generate({ run: id, imagesSeen: 16 }, parseRequest(request)).then(({ png }) => png);
      const truncation = 1, layers = model.layers.map((_, i) => i > 0);
      const requests: GenerateRequest[] = [
        { kind: "seeds", seeds: [1, 2, 3], truncation },
        { kind: "interpolate", from: 1, to: 2, position: 0.5, truncation },
        { kind: "fade", seed: 1, alpha: 0.5, truncation },
        { kind: "mix", coarse: 1, fine: 2, layers, truncation },
      ];
      for (const request of requests) {
        const [own, red, blue] = await Promise.all([
          drawn(request),
          drawn({ ...request, label: "red" } as GenerateRequest),
          drawn({ ...request, label: "blue" } as GenerateRequest),
        ]);
        assert.ok(own.length > 0);
        assert.notDeepEqual(red, blue, request.kind);
      }
      const unknown = { ...requests[0], label: "rde" } as GenerateRequest;
      await assert.rejects(drawn(unknown), /Cannot use --labels rde: expected .*red/);
    }),
);
