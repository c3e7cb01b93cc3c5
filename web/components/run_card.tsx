/** A run in the list. */
import { ago, duration, moment, short } from "../lib/format.ts";
import { shownStatus } from "../lib/status.ts";
import type { RunCard } from "../live/wire.ts";
import { PhaseBar } from "./phase_bar.tsx";
import { Picture } from "./picture.tsx";
import { StatusBadge } from "./status_badge.tsx";
import { addressOf } from "../lib/address.ts";

interface Props {
  card: RunCard;
  now: number; // ms since 1970
  isTicked: boolean;
  onTick: () => void;
}

/** A card with the newest samples. The whole card links to the run; the box selects it. */
export function RunCardView({ card, now, isTicked, onTick }: Props) {
  const { head, phases, thumbnail } = card;
  const status = shownStatus(head, now);
  const percent = Math.min(100, Math.floor(100 * head.imagesSeen / Math.max(1, head.imagesTotal)));
  const isLive = status === "running";
  return (
    <li class="card" data-run={head.id}>
      <a class="card-picture" href={addressOf(`/runs/${head.id}`)} tabIndex={-1} aria-hidden="true">
        {thumbnail
          ? <Picture url={thumbnail.url} alt="" gone="picture is gone" lazy size={132} />
          : <span>no sample yet</span>}
      </a>
      <div class="card-body">
        <div class="card-title">
          <h2>
            <a href={addressOf(`/runs/${head.id}`)}>{head.id}</a>
          </h2>
          <label class="tick">
            <input type="checkbox" checked={isTicked} onChange={onTick} />
            <span class="sr-only">Compare {head.id}</span>
          </label>
        </div>
        <p class="card-kind">{head.plugin} on {head.data}</p>
        <div class="row">
          <StatusBadge status={status} />
          <span class="small num">
            {head.resolution} px{" "}
            {head.phaseKind === "fade" ? `fading, α ${head.alpha.toFixed(2)}` : "stabilizing"}
          </span>
        </div>
        {head.status === "failed" && head.error && <p class="card-error">{head.error}</p>}
      </div>
      <div class="card-foot">
        <PhaseBar
          phases={phases}
          imagesSeen={head.imagesSeen}
          imagesTotal={head.imagesTotal}
          height={8}
          id={`bar-${head.id}`}
        />
        <dl class="facts num">
          <div>
            <dt>Progress</dt>
            <dd>{percent} % of {short(head.imagesTotal)}</dd>
          </div>
          <div>
            <dt>Speed</dt>
            <dd>
              {head.imagesPerSecond > 0 && status !== "stale"
                ? `${short(head.imagesPerSecond)} img/s`
                : "–"}
            </dd>
          </div>
          <div>
            <dt>{isLive ? "Left" : "Trained"}</dt>
            <dd>{duration(isLive ? head.etaSeconds : head.trainedSeconds)}</dd>
          </div>
          <div>
            <dt>{status === "stale" ? "Heartbeat" : "Started"}</dt>
            <dd>{status === "stale" ? ago(now - head.heartbeatAt) : moment(head.startedAt)}</dd>
          </div>
        </dl>
      </div>
    </li>
  );
}
