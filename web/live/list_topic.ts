/** The list of all runs, kept up to date. */
import type { RunHead, RunStore } from "../../core/run/store/types.ts";
import { messageOf } from "../../core/text.ts";
import { createPhaseReader } from "./phase_reader.ts";
import { readHeads } from "./heads.ts";
import { sessionOf } from "./session_of.ts";
import { createTopic, type Topic } from "./topic.ts";
import { publicHead, publicSample, type RunCard, type RunList } from "./wire.ts";

/** The list of runs and its changes. */
export interface ListTopic extends Topic {
  /** The list as JSON text, built once for all readers. */
  readonly text: string;
}

/** @param store where run state is stored */
export function createListTopic(store: RunStore): ListTopic {
  const cards = createCardReader(store);
  let text = "";
  let seen = "";
  const topic = createTopic({
    interval: 250,
    watch: (signal) => store.watch(undefined, signal),
    async refresh() {
      const list = await cards();
      const body = JSON.stringify(list.cards) + list.problem;
      if (body === seen) return false;
      seen = body;
      text = JSON.stringify(list);
      return true;
    },
  });
  // `text` completes the Topic
  return Object.defineProperties(topic, { text: { get: () => text } }) as ListTopic;
}

/**
 * Reads every run's card. A run that cannot be read completely is still listed, and `problem` names
 * it.
 */
export function createCardReader(store: RunStore): () => Promise<RunList> {
  const phasesOf = createPhaseReader(store);
  const thumbnails = new Map<string, { latest: string; thumbnail: RunCard["thumbnail"] }>();

  async function card(head: RunHead): Promise<RunCard> {
    const latest = `${sessionOf(head)} ${head.latestSample}`;
    let picture = thumbnails.get(head.id);
    if (picture?.latest !== latest) {
      const entry = (await store.samples(head.id)).findLast((s) => s.path === head.latestSample);
      const thumbnail = entry ? publicSample(head.id, entry) : null;
      picture = { latest, thumbnail };
      thumbnails.set(head.id, picture);
    }
    return { head: publicHead(head), phases: await phasesOf(head), thumbnail: picture.thumbnail };
  }

  return async () => {
    const { heads, damaged } = await readHeads(store);
    const broken = [...damaged];
    const cards = await Promise.all(heads.map(async (head) => {
      try {
        return await card(head);
      } catch (error) {
        broken.push(`${head.id}: ${messageOf(error)}`);
        return { head: publicHead(head), phases: [], thumbnail: null };
      }
    }));
    return { cards, problem: broken.length > 0 ? broken.join("\n") : null, now: Date.now() };
  };
}
