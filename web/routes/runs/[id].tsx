/** One run. */
import { RunPage } from "../../components/run_page.tsx";
import { definePage, NotFound } from "../../define.ts";
import { publicCheckpoint, publicHead, publicSample } from "../../live/wire.ts";
import { runIdOf } from "../../run_id.ts";

export default definePage({
  island: "run",
  Component: RunPage,
  async load(c, { store }) {
    const id = runIdOf(c);
    const [head, details] = await Promise.all([store.head(id), store.details(id)]);
    if (!head || !details) throw new NotFound(`Cannot find run "${id}".`);
    const [samples, checkpoints, stopRequested, others] = await Promise.all([
      store.samples(id),
      store.checkpoints(id),
      store.stopRequested(id),
      store.list().catch(() => []), // other runs' faults are not this page's
    ]);
    return {
      title: id,
      preload: `/api/runs/${id}/series`,
      props: {
        details,
        search: new URL(c.req.url).search,
        others: others.map((other) => other.id).filter((other) => other !== id).sort().reverse(),
        state: {
          head: publicHead(head),
          samples: samples.map((s) => publicSample(id, s)),
          checkpoints: checkpoints.map(publicCheckpoint),
          stopRequested,
          now: Date.now(),
        },
      },
    };
  },
});
