/** The explore page. */
import { namePart, parseRun } from "../../core/run/folder/run_folder.ts";
import { ExplorePage } from "../components/explore_page.tsx";
import { definePage } from "../define.ts";
import { ExplorerError } from "../explore/client.ts";
import { readHeads } from "../live/heads.ts";
import { publicCheckpoint, publicHead } from "../live/wire.ts";

export default definePage({
  island: "explore",
  Component: ExplorePage,
  async load(c, { store, explorer }) {
    const { heads } = await readHeads(store); // the list of runs reports the damaged ones
    const runs = await Promise.all(heads.map(async (head) => ({
      head: publicHead(head),
      checkpoints: (await store.checkpoints(head.id).catch(() => [])).map(publicCheckpoint),
    })));
    const engine = await explorer.backend().then(
      (backend) => ({ backend, problem: null }),
      (error) => ({
        backend: null,
        problem: error instanceof ExplorerError ? error.message : String(error),
      }),
    );
    const usable = runs.filter((run) => run.checkpoints.length > 0);
    const wanted = c.req.query("run");
    // The run's name may be given as in --name.
    const hasName = (id: string) => wanted !== undefined && parseRun(id)?.data === namePart(wanted);
    const chosen = usable.some(({ head }) => head.id === wanted)
      ? wanted
      : usable.map(({ head }) => head.id).filter(hasName).toSorted().at(-1);
    const at = Number(c.req.query("at") ?? NaN);
    return {
      title: "Explore",
      props: {
        runs: usable,
        run: chosen ?? wanted ?? null,
        at: Number.isSafeInteger(at) ? at : null,
        engine,
      },
    };
  },
});
