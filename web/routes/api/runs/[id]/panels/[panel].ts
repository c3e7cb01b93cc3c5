/** Pictures that a plugin shows, named by plugin and panel, e.g. "diversity.twins". */
import { defineHandlers, NotFound } from "../../../../../define.ts";
import { runIdOf } from "../../../../../run_id.ts";
import { readRunPicture } from "../../../../../security/run_files.ts";

export default defineHandlers({
  async GET(c, { store, runsDir }) {
    const id = runIdOf(c);
    const wanted = c.req.param("panel");
    const entry = (await store.panels(id)).find((p) => `${p.plugin}.${p.name}` === wanted);
    if (entry?.kind !== "pictures" || !entry.data) {
      throw new NotFound(`Cannot find these pictures of run "${id}".`);
    }
    const { bytes, type } = await readRunPicture(runsDir, { id, path: entry.data.path });
    // The file is rewritten under the same name, so it must be revalidated.
    return new Response(bytes, { headers: { "content-type": type, "cache-control": "no-cache" } });
  },
});
