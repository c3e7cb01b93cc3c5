/** Pictures of the data, as the trainer saved them beside the samples. */
import { defineHandlers, NotFound } from "../../../../define.ts";
import { runIdOf } from "../../../../run_id.ts";
import { readRunPicture } from "../../../../security/run_files.ts";

export default defineHandlers({
  async GET(c, { store, runsDir }) {
    const id = runIdOf(c);
    if (!(await store.head(id))) throw new NotFound(`Cannot find run "${id}".`);
    const { bytes, type } = await readRunPicture(runsDir, { id, path: "reals.png" });
    return new Response(bytes, {
      headers: { "content-type": type, "cache-control": "private, max-age=300" },
    });
  },
});
