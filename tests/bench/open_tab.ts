/** A reader that behaves like an open tab of a run's page. */
import {
  overviewUrl,
  packResume,
  type RunState,
  samplesPosition,
  unpackSeries,
} from "../../web/live/wire.ts";

/** An open tab. */
export interface Tab {
  /** Bytes received on its stream so far. */
  bytes(): number;
  close(): void;
}

/**
 * Requests what a page requests, then stays on its stream.
 * @param url of the dashboard
 * @param id of the run, in its first session
 */
export async function openTab(url: string, id: string): Promise<Tab> {
  const ending = new AbortController();
  const get = async (path: string) => {
    const response = await fetch(new URL(path, url), { signal: ending.signal });
    if (!response.ok) throw new Error(`Cannot open a tab: ${path} answered ${response.status}`);
    return response;
  };
  const page = await (await get(`/runs/${id}`)).text();
  // every run page has it
  const props = /<script type="application\/json" id="props">(.*?)<\/script>/.exec(page)![1]!;
  const { state } = JSON.parse(props) as { state: RunState };
  await (await get(overviewUrl(id))).arrayBuffer();
  const { cursor } = unpackSeries(await (await get(`/api/runs/${id}/series`)).arrayBuffer());
  const { next } = await (await get(`/api/runs/${id}/log`)).json();
  const samples = samplesPosition(state.samples);
  const from = packResume({ cursor, log: next, sessions: 1, samples });
  const stream = await get(`/api/runs/${id}/events?from=${encodeURIComponent(from)}`);
  let bytes = 0;
  (async () => {
    for await (const chunk of stream.body!) bytes += chunk.length; // a stream has a body
  })().catch(() => {}); // closed below
  return { bytes: () => bytes, close: () => ending.abort() };
}
