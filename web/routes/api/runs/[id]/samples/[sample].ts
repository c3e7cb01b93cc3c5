/** A sample grid, named by images seen and weights, e.g. "120000-ema". */
import { defineHandlers, NotFound } from "../../../../../define.ts";
import { runIdOf } from "../../../../../run_id.ts";
import { readRunPicture } from "../../../../../security/run_files.ts";

export default defineHandlers({
  async GET(c, { store, runsDir }) {
    const id = runIdOf(c);
    const [, images, weights] = /^(\d{1,15})-(ema|live)$/.exec(c.req.param("sample") ?? "") ?? [];
    const entry = (await store.samples(id)).find((s) =>
      s.imagesSeen === Number(images) && s.weights === weights
    );
    if (!entry) throw new NotFound(`Cannot find this sample of run "${id}".`);
    const { bytes, type } = await readRunPicture(runsDir, { id, path: entry.path });
    const isPinned = c.req.query("v") === String(entry.time);
    return new Response(bytes, {
      headers: {
        "content-type": type,
        "cache-control": isPinned ? "private, max-age=86400, immutable" : "no-cache",
      },
    });
  },
});
