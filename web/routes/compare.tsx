/** Several runs on one chart. */
import { ComparePage } from "../components/compare_page.tsx";
import { definePage } from "../define.ts";
import { comparedFrom } from "../lib/compare_address.ts";
import { createCardReader } from "../live/list_topic.ts";

export default definePage({
  island: "compare",
  Component: ComparePage,
  async load(c, { store }) {
    const { cards } = await createCardReader(store)();
    const { ids, leftOut } = comparedFrom(c.req.query("runs") ?? "");
    const found = await Promise.all(ids.map(async (id) => {
      const card = cards.find((one) => one.head.id === id);
      const details = card ? await store.details(id) : null;
      return card && details ? [{ card, details }] : [];
    }));
    const runs = found.flat();
    const missing = ids.filter((id) => !runs.some((run) => run.card.head.id === id));
    return {
      title: "Compare",
      props: { runs, missing, leftOut, cards, now: Date.now(), search: new URL(c.req.url).search },
    };
  },
});
