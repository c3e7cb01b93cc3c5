/// <reference lib="dom" />
/**
 * How one seed grew: its picture at each resolution, its change at each growth, and what was kept.
 */
import { useEffect, useState } from "preact/hooks";
import { count, percent, short } from "../lib/format.ts";
import type { PublicSample } from "../live/wire.ts";
import { Cell } from "../pictures/cell.tsx";
import { wordFor } from "../pictures/drawn.ts";
import { ladder, type Transition, transitions } from "../pictures/growth.ts";
import { readCells } from "../pictures/load.ts";
import { difference, type Pixels, resize } from "../pictures/pixels.ts";
import { PixelsView } from "../pictures/pixels_view.tsx";
import { Section } from "./section.tsx";

interface Props {
  samples: readonly PublicSample[];
  cell: number;
  onAt: (at: number) => void;
}

export function Growth({ samples, cell, onAt }: Props) {
  const steps = ladder(samples);
  const shocks = transitions(samples);
  if (steps.length < 2) return null;
  const word = wordFor(steps.at(-1));
  return (
    <Section
      id="growth"
      title="Growth"
      note={<>{word} {cell + 1}, at the end of each resolution.</>}
    >
      <ol class="ladder">
        {steps.map((sample) => (
          <li key={sample.resolution}>
            <button
              type="button"
              onClick={() => onAt(samples.indexOf(sample))}
            >
              <Cell
                sample={sample}
                cell={cell}
                label={`${word} ${cell + 1} at ${sample.resolution} px`}
              />
              <span class={`ring-${sample.resolution} ladder-label num`}>
                <strong>{sample.resolution}²</strong>
                <span class="muted">{short(sample.imagesSeen)}</span>
              </span>
            </button>
          </li>
        ))}
      </ol>
      <div class="halves">
        <Shocks shocks={shocks} cell={cell} />
        <Memory shock={shocks.at(-1)!} />
      </div>
    </Section>
  );
}

/** Shows pictures before, right after and long after each growth, and how much they differ. */
function Shocks({ shocks, cell }: { shocks: readonly Transition[]; cell: number }) {
  return (
    <div>
      <h3>Transition shock</h3>
      <p class="muted small">What a new block does to a picture, and where it recovers to.</p>
      <div class="scroll">
        <table class="shocks">
          <thead>
            <tr>
              <th scope="col">Growth</th>
              <th scope="col">Before</th>
              <th scope="col">Jump</th>
              <th scope="col">Recovered</th>
              <th scope="col" class="right">Change</th>
            </tr>
          </thead>
          <tbody>
            {shocks.map((shock) => <Shock key={shock.resolution} {...{ shock, cell }} />)}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function Shock({ shock, cell }: { shock: Transition; cell: number }) {
  const { resolution, before, jump, recovered } = shock;
  const all = useCells([before, jump, recovered]);
  const change = Array.isArray(all) && {
    jump: meanDifference(all[0]!, all[1]!),
    recovered: meanDifference(all[0]!, all[2]!),
  };
  return (
    <tr>
      <th scope="row" class="num">{before.resolution} → {resolution}</th>
      {[before, jump, recovered].map((sample, i) => (
        <td key={i}>
          <Cell
            sample={sample}
            cell={cell}
            label={`${wordFor(sample)} ${cell + 1} at ${count(sample.imagesSeen)} images`}
          />
        </td>
      ))}
      <td class="right num">
        {change
          ? `${percent(change.jump)} →\u00a0${percent(change.recovered)}`
          : all === "gone"
          ? "–"
          : "…"}
      </td>
    </tr>
  );
}

/** Checks whether pictures reduced to the previous resolution are still what they were then. */
function Memory({ shock }: { shock: Transition }) {
  const { before, recovered } = shock;
  const word = wordFor(recovered);
  const found = useCells([before, recovered]);
  const all = Array.isArray(found) ? found : null;
  const seeds = all ? [0, 1, 2, 3].filter((i) => all[0]![i] && all[1]![i]) : [];
  const kept = all && 1 - meanDifference(all[0]!, all[1]!);
  return (
    <div>
      <h3>Memory check</h3>
      <p class="muted small">
        Today's pictures reduced to {before.resolution} px, against the same ones when{" "}
        {before.resolution} px ended{kept !== null && `: ${percent(kept)} the same`}.
      </p>
      {found === "gone" && <p class="muted">These pictures are gone from the run folder.</p>}
      {all && (
        <div class="scroll">
          <table class="shocks">
            <thead>
              <tr>
                <th scope="col">{word}</th>
                <th scope="col">Then</th>
                <th scope="col">Now, reduced</th>
                <th scope="col">Difference</th>
              </tr>
            </thead>
            <tbody>
              {seeds.map((i) => {
                const side = before.resolution;
                const then = resize(all[0]![i]!, side);
                const now = resize(all[1]![i]!, side);
                return (
                  <tr key={i}>
                    <th scope="row" class="num">{i + 1}</th>
                    <td>
                      <PixelsView pixels={then} label={`${word} ${i + 1}, then`} />
                    </td>
                    <td>
                      <PixelsView pixels={now} label={`${word} ${i + 1}, now, reduced`} />
                    </td>
                    <td>
                      <PixelsView
                        pixels={differencePicture(then, now)}
                        label={`${word} ${i + 1}, difference`}
                      />
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}

/** The cells of several grids once all are loaded; null until then. */
function useCells(samples: readonly PublicSample[]): Pixels[][] | "gone" | null {
  const [cells, setCells] = useState<Pixels[][] | "gone" | null>(null);
  useEffect(() => {
    let isOld = false;
    Promise.all(samples.map(readCells)).then(
      (all) => isOld || setCells(all),
      () => isOld || setCells("gone"),
    );
    return () => {
      isOld = true;
    };
  }, [samples.map((s) => s.url).join()]);
  return cells;
}

function meanDifference(a: readonly Pixels[], b: readonly Pixels[]): number {
  const pairs = a.flatMap((pixels, i) => b[i] ? [difference(pixels, b[i])] : []);
  return pairs.reduce((sum, value) => sum + value, 0) / Math.max(1, pairs.length);
}

function differencePicture(a: Pixels, b: Pixels): Pixels {
  return {
    side: a.side,
    data: a.data.map((value, i) => Math.min(255, 2 * Math.abs(value - b.data[i]!))),
  };
}
