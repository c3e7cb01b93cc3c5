/** Estimates when each phase ends, from the measured throughput of each resolution. */
import type { Phase } from "../../core/schedule.ts";
import { estimatePhases } from "../charts/eta.ts";
import { duration, moment, short } from "../lib/format.ts";
import type { SeriesBuffer } from "../live/series_buffer.ts";
import { Section } from "./section.tsx";

interface Props {
  phases: readonly Phase[];
  imagesSeen: number;
  series: SeriesBuffer;
  secondsPerImage: Record<string, number> | undefined;
  now: number; // ms since 1970
  isTraining: boolean;
}

/** The series with the measured throughput. */
const RATE = "rate/images_per_second";

export function Forecast(
  { phases, imagesSeen, series, secondsPerImage, now, isTraining }: Props,
) {
  const points = { imagesSeen: series.imagesSeen, rate: series.column(RATE) };
  const estimates = estimatePhases(phases, imagesSeen, points, secondsPerImage);
  const last = estimates.at(-1);
  return (
    <Section
      id="forecast"
      title="Forecast"
      note={
        <>
          {last?.endsIn && isTraining
            ? `Done about ${moment(now + 1000 * last.endsIn)}, by each resolution's own speed.`
            : "Speed and what is left, by resolution."}
        </>
      }
    >
      <div class="scroll">
        <table class="num forecast">
          <thead>
            <tr>
              <th scope="col">Phase</th>
              <th scope="col" class="right">Images left</th>
              <th scope="col" class="right">Images a second</th>
              <th scope="col" class="right">Ends in</th>
            </tr>
          </thead>
          <tbody>
            {estimates.map(({ phase, state, imagesLeft, rate, isMeasured, endsIn }) => (
              <tr
                key={phase.index}
                class={state}
                aria-current={state === "now" ? "step" : undefined}
              >
                <th scope="row">
                  <span class={`dot ring-${phase.resolution} ${phase.kind}`} />
                  {phase.resolution} px {phase.kind === "fade" ? "fade" : "stabilize"}
                </th>
                <td class="right">{state === "done" ? "done" : short(imagesLeft)}</td>
                <td class="right">
                  {rate === null
                    ? "–"
                    : isMeasured
                    ? short(rate)
                    : (
                      <span class="muted" title="Estimated from the resolutions already trained">
                        ≈ {short(rate)}
                      </span>
                    )}
                </td>
                <td class="right">{state === "done" ? "" : duration(endsIn)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}
