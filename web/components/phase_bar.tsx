/**
 * The schedule as a bar: each phase is as wide as its number of images, fades are gradients, and
 * completed parts are solid.
 */
import type { Phase } from "../../core/schedule.ts";
import { short } from "../lib/format.ts";
import { phasesUntil } from "../lib/phases.ts";

interface Props {
  phases: readonly Phase[];
  imagesSeen: number;
  /** Where the run ends, which may be before the schedule does. */
  imagesTotal: number;
  /** Height in px. */
  height: number;
  /** Whether to label resolutions and mark the run's position. */
  labels?: boolean;
  /** Makes gradient ids unique on the page. */
  id: string;
}

/**
 * An SVG without inline styles, which the content security policy forbids on the server-rendered
 * page.
 */
export function PhaseBar(
  { phases: planned, imagesSeen, imagesTotal, height, labels = false, id }: Props,
) {
  const phases = phasesUntil(planned, imagesTotal);
  const total = phases.at(-1)?.end ?? 0;
  if (total === 0) return null;
  const percent = (images: number) => `${(100 * Math.min(1, images / total)).toFixed(3)}%`;
  const top = labels ? 22 : 0;
  const resolutions = [...new Set(phases.map((p) => p.resolution))];
  return (
    <svg
      class="phase-bar"
      width="100%"
      height={height + top}
      role="img"
      aria-label={describe(phases, imagesSeen, total)}
    >
      <defs>
        {resolutions.map((resolution) => (
          <linearGradient key={resolution} id={`${id}-${resolution}`} class={`ring-${resolution}`}>
            <stop offset="0" class="stop-before" />
            <stop offset="1" class="stop-after" />
          </linearGradient>
        ))}
        <clipPath id={`${id}-done`}>
          <rect x="0" y="0" width={percent(imagesSeen)} height={height + top} />
        </clipPath>
      </defs>
      {["ahead", "done"].map((layer) => (
        <g key={layer} class={layer} clip-path={layer === "done" ? `url(#${id}-done)` : undefined}>
          {phases.map(({ index, start, end, resolution, kind }) => (
            <rect
              key={index}
              class={`ring-${resolution} ${kind}`}
              x={percent(start)}
              y={top}
              width={percent(end - start)}
              height={height}
              fill={kind === "fade" ? `url(#${id}-${resolution})` : undefined}
            />
          ))}
        </g>
      ))}
      {phases.slice(1).map(({ index, start, kind }) => (
        <line
          key={index}
          class={kind}
          x1={percent(start)}
          x2={percent(start)}
          y1={top}
          y2={top + height}
        />
      ))}
      {labels &&
        labelled(phases, total).map(({ resolution, start }) => (
          <text key={resolution} x={percent(start)} y="14">{resolution}²</text>
        ))}
      {labels && (
        <line
          class="marker"
          x1={percent(imagesSeen)}
          x2={percent(imagesSeen)}
          y1={top - 6}
          y2={top + height}
        />
      )}
    </svg>
  );
}

/** Resolutions whose bars are wide enough for their labels, that is, a twentieth of the whole. */
function labelled(phases: readonly Phase[], total: number) {
  return phases.filter((p, i) => p.resolution !== phases[i - 1]?.resolution)
    .filter(({ start }, i, all) => (all[i + 1]?.start ?? total) - start >= 0.05 * total);
}

function describe(phases: readonly Phase[], imagesSeen: number, total: number): string {
  // the caller has checked that there is at least one
  const phase = phases.find((p) => imagesSeen < p.end) ?? phases.at(-1)!;
  return `${short(imagesSeen)} of ${short(total)} images; ` +
    `${phase.kind === "fade" ? "fading in" : "stabilizing"} ${phase.resolution} px; ` +
    `phase ${phase.index + 1} of ${phases.length}`;
}
