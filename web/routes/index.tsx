/** The list of runs. */
import { definePage } from "../define.ts";
import { RunsPage } from "../components/runs_page.tsx";
import { createCardReader } from "../live/list_topic.ts";

export default definePage({
  island: "runs",
  Component: RunsPage,
  async load(c, { store }) {
    const { search } = new URL(c.req.url);
    return { title: "Runs", props: { list: await createCardReader(store)(), search } };
  },
});
