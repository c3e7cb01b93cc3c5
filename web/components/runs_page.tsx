/// <reference lib="dom" />
/** All runs as live cards, with filter, order, search and a selection to compare. */
import { useEffect, useState } from "preact/hooks";
import { compareAddress, MAX_COMPARED } from "../lib/compare_address.ts";
import { type Filter, filterCards, filterFrom, filterTo, orders } from "../lib/filter.ts";
import { shownStatus, statusLabels } from "../lib/status.ts";
import { useNow } from "../live/clock.ts";
import { openEventLink } from "../live/event_link.ts";
import { UNREACHABLE } from "../live/reach.ts";
import type { RunList } from "../live/wire.ts";
import { Command } from "./command.tsx";
import { Empty } from "./empty.tsx";
import { RunCardView } from "./run_card.tsx";
import { addressOf } from "../lib/address.ts";

interface Props {
  list: RunList;
  /** Query of the URL. */
  search: string;
}

const statuses = ["running", "stale", "stopped", "finished", "failed"] as const;

export function RunsPage({ list: initial, search }: Props) {
  const [list, setList] = useState(initial);
  const [problem, setProblem] = useState<string | null>(null);
  const [filter, setFilter] = useState(() => filterFrom(search));
  const [ticked, setTicked] = useState<readonly string[]>([]);
  const now = useNow(list.now);

  useEffect(() => {
    const link = openEventLink({
      url: () => addressOf("/api/events"),
      onLink: (isUp) => setProblem(isUp ? null : `${UNREACHABLE} Trying again.`),
      on: {
        list: (data) => setList(JSON.parse(data) as RunList),
        problem: (data) => setProblem(data === "" ? null : data),
      },
    });
    return link.close;
  }, []);

  const change = (part: Partial<Filter>) => {
    const next = { ...filter, ...part };
    setFilter(next);
    history.replaceState(null, "", addressOf(`/${filterTo(next)}`));
  };
  const toggle = (id: string) =>
    setTicked(ticked.includes(id) ? ticked.filter((one) => one !== id) : [...ticked, id]);

  const { cards } = list;
  const counts = new Map(statuses.map((status) => [
    status,
    cards.filter(({ head }) => shownStatus(head, now) === status).length,
  ]));
  const shown = filterCards(cards, filter, now);
  const training = counts.get("running") ?? 0;

  return (
    <>
      <div class="page-head">
        <h1>Runs</h1>
        <p aria-live="polite">
          {cards.length === 0 ? "None yet" : `${training} training, ${cards.length} in all`}
        </p>
      </div>
      {[problem, list.problem].map((text) =>
        text && (
          <p key={text} class="notice error gap-below" role="alert">
            <strong>Run state can't be read in full.</strong> {text}
          </p>
        )
      )}
      {cards.length === 0 ? <NoRuns /> : (
        <>
          <div class="toolbar" role="search">
            <input
              class="input grow"
              type="search"
              placeholder="Search by name, plugin or data"
              aria-label="Search runs"
              value={filter.text}
              onInput={(event) => change({ text: event.currentTarget.value })}
            />
            <div class="segments" role="group" aria-label="Status">
              {(["all", ...statuses] as const).map((status) => {
                const count = status === "all" ? cards.length : counts.get(status) ?? 0;
                if (count === 0 && status !== filter.status) return null;
                return (
                  <button
                    key={status}
                    type="button"
                    aria-pressed={filter.status === status}
                    onClick={() => change({ status })}
                  >
                    {status === "all" ? "All" : statusLabels[status]}
                    <span class="count">{count}</span>
                  </button>
                );
              })}
            </div>
            <select
              class="select"
              aria-label="Order"
              value={filter.order}
              // one of the options
              onChange={(event) => change({ order: event.currentTarget.value as Filter["order"] })}
            >
              {Object.entries(orders).map(([value, label]) => (
                <option key={value} value={value}>{label}</option>
              ))}
            </select>
          </div>
          {shown.length === 0 && (
            <div class="empty">
              <p>No run matches.</p>
              <button
                type="button"
                class="button"
                onClick={() => change({ text: "", status: "all" })}
              >
                Show all runs
              </button>
            </div>
          )}
          <ul class="cards">
            {shown.map((card) => (
              <RunCardView
                key={card.head.id}
                card={card}
                now={now}
                isTicked={ticked.includes(card.head.id)}
                onTick={() => toggle(card.head.id)}
              />
            ))}
          </ul>
        </>
      )}
      {ticked.length > 0 && (
        <div class="tray" role="region" aria-label="Compare">
          <span>
            {ticked.length === 1
              ? "Tick another run to compare"
              : ticked.length > MAX_COMPARED
              ? `${ticked.length} runs ticked; at most ${MAX_COMPARED} can be compared`
              : `${ticked.length} runs ticked`}
          </span>
          <button type="button" class="button quiet" onClick={() => setTicked([])}>Clear</button>
          {ticked.length > 1 && ticked.length <= MAX_COMPARED && (
            <a class="button primary" href={compareAddress(ticked)}>Compare</a>
          )}
        </div>
      )}
    </>
  );
}

function NoRuns() {
  return (
    <Empty title="No run has been planted yet">
      <p>
        A run appears here as soon as training starts, and stays when it ends. These start one with
        data that comes along:
      </p>
      <div class="commands">
        <Command text="deno task train --plugin stylegan --data emoji" />
        <Command text="deno task train --help" />
      </div>
    </Empty>
  );
}
