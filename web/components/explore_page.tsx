/// <reference lib="dom" />
/** Explores a generator: latents, styles, a small image or a sketch, depending on the model. */
import { useState } from "preact/hooks";
import type { GenerateRequest, ModelInfo } from "../../core/explore/protocol.ts";
import { useGenerator } from "../explore/use_generator.ts";
import { count } from "../lib/format.ts";
import type { PublicCheckpoint, PublicHead } from "../live/wire.ts";
import { Command } from "./command.tsx";
import { Empty } from "./empty.tsx";
import { FadePanel } from "./explore_fade.tsx";
import { InterpolatePanel } from "./explore_interpolate.tsx";
import { MixPanel } from "./explore_mix.tsx";
import { PluginPanel } from "./explore_plugin.tsx";
import { SteerPanel } from "./explore_steer.tsx";
import { SeedsPanel } from "./explore_seeds.tsx";
import { Segments } from "./segments.tsx";
import { addressOf } from "../lib/address.ts";

interface Props {
  /** Runs that have checkpoints. */
  runs: readonly { head: PublicHead; checkpoints: readonly PublicCheckpoint[] }[];
  run: string | null;
  /** Images seen of the requested checkpoint. */
  at: number | null;
  engine: { backend: string | null; problem: string | null };
}

const modes = {
  seeds: "Seeds",
  interpolate: "Interpolate",
  mix: "Mix styles",
  steer: "Directions",
  fade: "Fade X-ray",
  plugin: "From the plugin",
} as const;
type Mode = keyof typeof modes;

const modesOf: Record<ModelInfo["kind"], Mode[]> = {
  generator: ["seeds", "interpolate"],
  style: ["seeds", "interpolate", "mix"],
  plugin: ["plugin"],
};

/** The modes a model supports; a fade can be taken apart only while it is in progress. */
function modesFor({ kind, alpha, steering }: ModelInfo): Mode[] {
  const draws = kind === "generator" || kind === "style";
  return [
    ...modesOf[kind],
    ...steering ? ["steer" as const] : [],
    ...draws && alpha < 1 ? ["fade" as const] : [],
  ];
}

/** The explore page. */
export function ExplorePage({ runs, run: wanted, at, engine }: Props) {
  const [run, setRun] = useState(runs.find((r) => r.head.id === wanted) ?? runs.at(-1) ?? null);
  const [imagesSeen, setImagesSeen] = useState(
    run?.checkpoints.find((c) => c.imagesSeen === at)?.imagesSeen ??
      run?.checkpoints.at(-1)?.imagesSeen ?? null,
  );
  const [chosen, setMode] = useState<Mode>("seeds");
  const [chosenLabel, setLabel] = useState("");
  const [missing, setMissing] = useState(missingIn(runs, wanted, at));
  const isReady = engine.backend !== null;
  const generator = useGenerator(isReady ? run?.head.id ?? null : null, imagesSeen);
  const { model, shown, problem, isBusy, ask } = generator;
  const allowed = model ? modesFor(model) : [];
  const mode = allowed.includes(chosen) ? chosen : allowed[0];
  const label = model?.labels.find((one) => one === chosenLabel); // another run may not have it
  const askLabelled = (request: GenerateRequest) =>
    // every request that draws accepts a label
    ask(label === undefined ? request : { ...request, label } as GenerateRequest);
  const drawing = { label, ask: askLabelled };
  // a picture of another mode would not match the text around it
  const mine = shown?.kind === mode ? shown : null;

  const go = (id: string, checkpoint: number | null) => {
    const next = runs.find((r) => r.head.id === id) ?? null;
    const images = checkpoint ?? next?.checkpoints.at(-1)?.imagesSeen ?? null;
    setRun(next);
    setImagesSeen(images);
    setMissing(null);
    history.replaceState(null, "", addressOf(`/explore?run=${id}&at=${images}`));
  };

  return (
    <>
      <div class="page-head">
        <h1>Explore</h1>
        <p>Play with what a run has learned</p>
      </div>
      {runs.length === 0 ? <NoCheckpoint /> : (
        <>
          <div class="toolbar">
            <select
              class="select grow"
              aria-label="Run"
              value={run?.head.id}
              onChange={(event) => go(event.currentTarget.value, null)}
            >
              {runs.map(({ head }) => <option key={head.id} value={head.id}>{head.id}</option>)}
            </select>
            <select
              class="select"
              aria-label="Checkpoint"
              value={String(imagesSeen)}
              onChange={(event) => run && go(run.head.id, Number(event.currentTarget.value))}
            >
              {[...run?.checkpoints ?? []].reverse().map((c) => (
                <option key={c.imagesSeen} value={c.imagesSeen}>
                  {count(c.imagesSeen)} images
                </option>
              ))}
            </select>
          </div>
          {missing && <p class="notice warning gap-below" role="alert">{missing}</p>}
          {!isReady && <NoEngine problem={engine.problem ?? ""} />}
          {problem && (
            <p class="notice error gap-below" role="alert">
              <strong>No picture.</strong> {problem}
            </p>
          )}
          {isReady && !model && !problem && <p class="muted">Loading the checkpoint…</p>}
          {model && mode && (
            <section class="panel explore" aria-label="Generator">
              {allowed.length > 1 && (
                <Segments
                  label="What to do"
                  options={Object.fromEntries(allowed.map((one) => [one, modes[one]]))}
                  value={mode}
                  onChange={setMode}
                />
              )}
              {mode !== "plugin" && model.labels.length > 0 && (
                <select
                  class="select"
                  aria-label="Class"
                  value={label ?? ""}
                  onChange={(event) => setLabel(event.currentTarget.value)}
                >
                  <option value="">Each seed's own class</option>
                  {model.labels.map((one) => <option key={one} value={one}>{one}</option>)}
                </select>
              )}
              {mode === "seeds" && <SeedsPanel {...drawing} model={model} shown={mine} />}
              {mode === "interpolate" && (
                <InterpolatePanel {...drawing} model={model} shown={mine} />
              )}
              {mode === "mix" && <MixPanel {...drawing} model={model} shown={mine} />}
              {mode === "steer" && run && (
                <SteerPanel
                  {...drawing}
                  model={model}
                  shown={mine}
                  run={run.head.id}
                  reload={generator.reload}
                />
              )}
              {mode === "fade" && <FadePanel {...drawing} model={model} shown={mine} />}
              {mode === "plugin" && model.declared && (
                <>
                  <h2>{model.declared.title}</h2>
                  <PluginPanel
                    key={run?.head.id}
                    {...{ model, ask }}
                    label={undefined}
                    declared={model.declared}
                    shown={mine}
                  />
                </>
              )}
              <p class="muted small num" aria-live="polite" data-testid="speed">
                {generator.backend}, in a process of its own. {shown &&
                  `${shown.generated.toFixed(0)} ms to generate, ${
                    shown.total.toFixed(0)
                  } ms in all.`}
                {isBusy && " Working…"}
                {generator.dropped > 0 && ` ${generator.dropped} outdated requests skipped.`}
              </p>
            </section>
          )}
        </>
      )}
    </>
  );
}

/** Explains which requested run or checkpoint does not exist; null if both do. */
function missingIn(runs: Props["runs"], run: string | null, at: number | null): string | null {
  if (run === null) return null;
  const found = runs.find(({ head }) => head.id === run);
  if (!found) return `There is no run “${run}” with a checkpoint. This is another one.`;
  if (at === null || found.checkpoints.some((c) => c.imagesSeen === at)) return null;
  return `This run has no checkpoint at ${count(at)} images any more. This is its newest one.`;
}

function NoCheckpoint() {
  return (
    <Empty title="No checkpoint to explore yet">
      <p>
        Explore plays with a run's checkpoints. The first one is written a while after training
        begins.
      </p>
      <div class="commands">
        <Command text="deno task train --plugin stylegan --data emoji" />
      </div>
    </Empty>
  );
}

function NoEngine({ problem }: { problem: string }) {
  return (
    <Empty title="The generating process isn't running">
      <p>
        The dashboard itself cannot run networks: it has no access to native code. A process beside
        it can. Start both together with this command; then reload the page.
      </p>
      <div class="commands">
        <Command text="deno task web" />
      </div>
      <p class="muted small">{problem}</p>
    </Empty>
  );
}
