/** The page of a run. */
import { messageOf } from "../../../core/text.ts";
import { RunPage } from "../../components/run_page.tsx";
import { definePage, NotFound } from "../../define.ts";
import { damagedHead, isHead } from "../../live/heads.ts";
import {
  overviewUrl,
  publicCheckpoint,
  publicHead,
  publicPanel,
  publicSample,
} from "../../live/wire.ts";
import { runIdOf } from "../../run_id.ts";

export default definePage({
  island: "run",
  Component: RunPage,
  async load(c, { store }) {
    const id = runIdOf(c);
    const [head, details] = await Promise.all([store.head(id), store.details(id)]);
    if (!head || !details) throw new NotFound(`Cannot find run "${id}".`);
    if (!isHead(head)) throw damagedHead(id);
    const problems: string[] = [];
    const orNone = <T,>(reading: Promise<T>, none: T) =>
      reading.catch((error) => {
        problems.push(messageOf(error));
        return none;
      });
    const [samples, checkpoints, panels, stopRequested, others] = await Promise.all([
      orNone(store.samples(id), []),
      orNone(store.checkpoints(id), []),
      orNone(store.panels(id), []),
      orNone(store.stopRequested(id), false),
      store.ids().catch(() => []), // problems of other runs don't belong on this page
    ]);
    return {
      title: id,
      preload: overviewUrl(id),
      props: {
        details,
        search: new URL(c.req.url).search,
        problem: problems.length > 0 ? problems.join("; ") : null,
        panels: panels.map((panel) => publicPanel(id, panel)),
        others: others.filter((other) => other !== id).sort().reverse(),
        state: {
          head: publicHead(head),
          phases: details.phases,
          samples: samples.map((s) => publicSample(id, s)),
          checkpoints: checkpoints.map(publicCheckpoint),
          stopRequested,
          now: Date.now(),
        },
      },
    };
  },
});
