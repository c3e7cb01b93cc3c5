/// <reference lib="dom" />
/** The live page of one run. */
import { useState } from "preact/hooks";
import type { RunDetails } from "../../core/run/store/types.ts";
import { duration } from "../lib/format.ts";
import { phasesUntil } from "../lib/phases.ts";
import { shownStatus } from "../lib/status.ts";
import { useNow } from "../live/clock.ts";
import { useRunFeed } from "../live/run_feed.ts";
import type { PublicPanel, RunState } from "../live/wire.ts";
import { drawnAlike } from "../pictures/drawn.ts";
import { Checkpoints } from "./checkpoints.tsx";
import { Command } from "./command.tsx";
import { Curves } from "./curves.tsx";
import { later } from "./later.tsx";
import { LogView } from "./log_view.tsx";
import { RunHeader } from "./run_header.tsx";
import { Samples } from "./samples.tsx";
import { Warnings } from "./warnings.tsx";
import { Segments } from "./segments.tsx";

/** Parts further down, loaded when one of them comes near the screen. */
const parts = () => import("./run_parts.ts");
const Growth = later("growth", "Growth", () => parts().then((m) => m.Growth));
const ChangeMap = later("change", "Change by picture", () => parts().then((m) => m.ChangeMap));
const Networks = later("networks", "Networks", () => parts().then((m) => m.Networks));
const Forecast = later("forecast", "Forecast", () => parts().then((m) => m.Forecast));
const PluginPanels = later("plugins", "From plugins", () => parts().then((m) => m.PluginPanels));
const Workers = later("workers", "Workers", () => parts().then((m) => m.Workers));
const Settings = later("settings", "Configuration", () => parts().then((m) => m.Settings));

interface Props {
  details: RunDetails;
  /** Ids of the other runs, newest first. */
  others: readonly string[];
  state: RunState;
  panels: readonly PublicPanel[];
  /** What could not be read, for the user. */
  problem: string | null;
  /** Query of the URL. */
  search: string;
}

/** The page of a run: its progress, samples, curves and configuration. */
export function RunPage({ details, others, state: initial, search, ...found }: Props) {
  const { state, series, log, panels, link, problem } = useRunFeed(initial, found);
  const { head, phases, checkpoints, stopRequested } = state;
  const now = useNow(state.now);
  const status = shownStatus(head, now);
  const weights = [...new Set(state.samples.map((s) => s.weights))];
  const [chosen, setChosen] = useState<"ema" | "live">("ema");
  const shownWeights = weights.includes(chosen) ? chosen : weights[0] ?? "ema";
  const samples = drawnAlike(state.samples.filter((s) => s.weights === shownWeights));
  // not an index, because earlier grids may be removed
  const [moment, setMoment] = useState<number | null>(null);
  const at = moment === null
    ? null
    : Math.max(0, samples.findLastIndex((s) => s.imagesSeen <= moment));
  const setAt = (index: number | null) =>
    setMoment(index === null ? null : samples[index]?.imagesSeen ?? null);
  const [cell, setCell] = useState(0);
  const { id } = head;
  const drawn = panels.filter((panel) => panel.kind !== "curves");
  const hasGrown = new Set(samples.map((s) => s.resolution)).size > 1;
  const hasWorkers = series.names.some((name) => name.startsWith("worker_rate/"));
  const absent: readonly string[] = [
    ...drawn.length > 0 ? [] : ["plugins"],
    ...hasGrown ? [] : ["growth"],
    ...phases.length > 0 ? [] : ["networks"],
    ...hasWorkers ? [] : ["workers"],
  ];
  const { resume, extend, remove, others: uses } = details.commands;
  const onward = status === "finished" && extend || resume;
  const pick = (index: number) => setAt(index >= samples.length - 1 ? null : index);

  return (
    <div class="run">
      <RunHeader {...{ head, phases, status, now, link, stopRequested, remove }} />
      {status === "stale" && <Stale since={now - head.heartbeatAt} resume={resume} />}
      {link === "gone" && (
        <p class="notice warning" role="alert">
          <strong>This run was taken off the dashboard.</strong>{" "}
          What you see is its last state; its folder is not affected.
        </p>
      )}
      {problem && (
        <p class="notice error" role="alert">
          <strong>Run state can't be read right now.</strong> {problem}
        </p>
      )}
      <Warnings lines={log} error={head.error} counted={head.warnings} now={now} />
      <nav class="sections" aria-label="On this page">
        {sections.filter(([anchor]) => !absent.includes(anchor)).map(([anchor, label]) => (
          <a key={anchor} href={`#${anchor}`}>{label}</a>
        ))}
        {weights.length > 1 && (
          <Segments
            label="Weights"
            options={{ ema: "Average", live: "Live" }}
            value={shownWeights}
            onChange={setChosen}
          />
        )}
      </nav>
      <Samples {...{ id, samples, phases, at, cell }} onAt={setAt} onCell={setCell} />
      <Curves {...{ series, phases, panels, search }} isLoading={link === "loading"} />
      {drawn.length > 0 && <PluginPanels panels={drawn} />}
      {hasGrown && <Growth samples={samples} cell={cell} onAt={pick} />}
      <div class="halves">
        {samples.length > 2 && (
          <ChangeMap
            samples={samples}
            at={at ?? samples.length - 1}
            onPick={(index, seed) => {
              pick(index);
              setCell(seed);
            }}
          />
        )}
        {phases.length > 0 && (
          <Networks {...{ head, phases }} firstBlock={Number(details.config.firstBlock ?? 0)} />
        )}
      </div>
      {hasWorkers && <Workers series={series} />}
      <div class="halves">
        <Forecast
          {...{ series, now }}
          phases={phasesUntil(phases, head.imagesTotal)}
          imagesSeen={head.imagesSeen}
          secondsPerImage={head.secondsPerImage}
          isTraining={status === "running"}
        />
        <Checkpoints {...{ id, checkpoints, now }} />
      </div>
      <LogView lines={log} />
      <div class="halves">
        <Settings details={details} others={others} />
        <section class="panel" aria-labelledby="commands-title">
          <header>
            <h2 id="commands-title">Commands</h2>
          </header>
          <div class="stack commands">
            {[{ label: "Go on", command: onward }, ...uses].map(({ label, command }) => (
              <div key={command} class="field">
                <span>{label}</span>
                <Command text={command} />
              </div>
            ))}
          </div>
        </section>
      </div>
    </div>
  );
}

/** Explains what a missing heartbeat may mean, and what to do. */
function Stale({ since, resume }: { since: number; resume: string }) {
  return (
    <div class="notice warning stack" role="alert">
      <p>
        <strong>
          {since < 0
            ? "Nothing was heard of this run since the clock went back."
            : `Nothing was heard of this run for ${duration(since / 1000)}.`}
        </strong>{" "}
        It goes on by itself when a sleeping machine wakes. If its process died, go on from the
        newest checkpoint with
      </p>
      <Command text={resume} />
    </div>
  );
}

const sections = [
  ["samples", "Samples"],
  ["curves", "Curves"],
  ["plugins", "Plugins"],
  ["growth", "Growth"],
  ["networks", "Networks"],
  ["workers", "Workers"],
  ["forecast", "Forecast"],
  ["log", "Log"],
  ["settings", "Configuration"],
] as const;
