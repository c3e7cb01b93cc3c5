/** The two networks: existing blocks, the one fading in, and those still to come. */
import type { Phase } from "../../core/schedule.ts";
import type { PublicHead } from "../live/wire.ts";
import { Section } from "./section.tsx";

interface Props {
  head: PublicHead;
  phases: readonly Phase[];
  /** Side of the networks' smallest block, px; 0: that of the first phase. */
  firstBlock: number;
}

/**
 * The resolutions for which the networks have or will have a block, ascending. Blocks below the
 * first phase's resolution exist from the start.
 */
export function blocksOf(phases: readonly Phase[], firstBlock: number): number[] {
  const [first, last] = [firstBlock || phases[0]?.resolution, phases.at(-1)?.resolution];
  const blocks: number[] = [];
  for (let r = first ?? 1, end = last ?? 0; r <= end; r *= 2) blocks.push(r);
  return blocks;
}

/** Width and gap of blocks, and the height above them, in the drawing's own units. */
const [BLOCK, GAP, TOP] = [64, 16, 30];
/** A drawing is not scaled below this fraction of its width, so that its text stays readable. */
const SMALLEST = 0.7;

/** The networks section; it changes with the head as training progresses. */
export function Networks({ head, phases, firstBlock }: Props) {
  const resolutions = blocksOf(phases, firstBlock);
  if (resolutions.length === 0) return null;
  const isFading = head.phaseKind === "fade" && head.alpha < 1;
  const width = Math.max(1, resolutions.length) * (BLOCK + GAP) + 150;
  const height = 74 + 12 * resolutions.length;
  const text = `Both networks reach ${head.resolution} px` +
    (isFading ? `; that block is fading in, alpha ${head.alpha.toFixed(2)}` : "");
  return (
    <Section
      id="networks"
      title="Networks"
      note={
        <>
          {isFading
            ? `The ${head.resolution} px blocks carry ${
              Math.round(100 * head.alpha)
            } % of the picture; the rest still takes the old path.`
            : `All blocks up to ${head.resolution} px are in${
              resolutions.some((r) => r > head.resolution) ? "; later ones wait" : ""
            }.`}
        </>
      }
    >
      <div class="networks" role="img" aria-label={text} tabIndex={0}>
        {(["Generator", "Discriminator"] as const).map((name) => {
          const order = name === "Generator" ? resolutions : [...resolutions].reverse();
          return (
            <svg
              key={name}
              width={SMALLEST * width}
              viewBox={`0 0 ${width} ${height + TOP}`}
              aria-hidden="true"
            >
              <text class="network-name" x="0" y="14">{name}</text>
              <Ends name={name} height={height} width={width} />
              {order.map((resolution, i) => (
                <Block
                  key={resolution}
                  {...{ resolution, head, isFading }}
                  x={70 + i * (BLOCK + GAP)}
                  size={28 + 10 * resolutions.indexOf(resolution)}
                  middle={TOP + height / 2}
                  isLast={i === order.length - 1}
                />
              ))}
            </svg>
          );
        })}
      </div>
    </Section>
  );
}

interface BlockProps {
  resolution: number;
  head: PublicHead;
  isFading: boolean;
  x: number;
  size: number;
  middle: number;
  isLast: boolean;
}

function Block({ resolution, head, isFading, x, size, middle, isLast }: BlockProps) {
  const isAhead = resolution > head.resolution;
  const fades = isFading && resolution === head.resolution;
  const state = isAhead ? "ahead" : fades ? "fading" : "there";
  return (
    <g class={`block ring-${resolution} ${state}`}>
      <line class="wire" x1={x - GAP} x2={x} y1={middle} y2={middle} />
      {fades && (
        <path
          class="skip-path"
          d={`M${x - GAP},${middle} q0,${-size / 2 - 12} ${GAP},${
            -size / 2 - 12
          } h${BLOCK} q${GAP},0 ${GAP},${size / 2 + 12}`}
          stroke-opacity={(1 - head.alpha).toFixed(2)}
        />
      )}
      <rect
        x={x}
        y={middle - size / 2}
        width={BLOCK}
        height={size}
        rx="7"
        fill-opacity={fades ? (0.15 + 0.85 * head.alpha).toFixed(2) : undefined}
      />
      <text class={size < 30 ? "tight" : undefined} x={x + BLOCK / 2} y={middle + 4}>
        {resolution}²
      </text>
      {isLast && <line class="wire" x1={x + BLOCK} x2={x + BLOCK + GAP} y1={middle} y2={middle} />}
    </g>
  );
}

function Ends({ name, height, width }: { name: string; height: number; width: number }) {
  const [from, to] = name === "Generator" ? ["latent", "image"] : ["image", "score"];
  const y = TOP + height / 2 + 4;
  return (
    <>
      <text class="network-end" x="26" y={y}>{from}</text>
      <text class="network-end" x={width - 34} y={y}>{to}</text>
    </>
  );
}
