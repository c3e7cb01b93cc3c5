/** How each of several workers is doing. */
import { short } from "../lib/format.ts";
import type { SeriesBuffer } from "../live/series_buffer.ts";
import { Section } from "./section.tsx";

/** Prefixes of the workers' curves. */
const [RATE, WAIT, LAG] = ["worker_rate/", "worker_wait/", "worker_lag/"] as const;

/** Ranks that have curves. */
function workersOf({ names }: Pick<SeriesBuffer, "names">): number[] {
  return names.filter((name) => name.startsWith(RATE))
    .map((name) => Number(name.slice(RATE.length)))
    .sort((a, b) => a - b);
}

export function Workers({ series }: { series: SeriesBuffer }) {
  const now = (name: string) => series.latest(name) ?? 0;
  return (
    <Section
      id="workers"
      title="Workers"
      note={
        <>
          Each computes its share of every batch. One that lags while the others wait holds them up.
        </>
      }
    >
      <div class="scroll">
        <table class="num">
          <thead>
            <tr>
              <th scope="col">Worker</th>
              <th scope="col" class="right">Images a second</th>
              <th scope="col" class="right">Waits for others</th>
              <th scope="col" class="right">Lag</th>
            </tr>
          </thead>
          <tbody>
            {workersOf(series).map((rank) => (
              <tr key={rank}>
                <th scope="row">{rank}</th>
                <td class="right">{short(now(RATE + rank))}</td>
                <td class="right">{Math.round(100 * now(WAIT + rank))} %</td>
                <td class="right">{Math.round(now(LAG + rank))} ms</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
