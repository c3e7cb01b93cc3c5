/** A run's name, status and position in its schedule. */
import type { Phase } from "../../core/schedule.ts";
import { ago, count, duration, moment, short } from "../lib/format.ts";
import type { ShownStatus } from "../lib/status.ts";
import type { RunFeed } from "../live/run_feed.ts";
import type { PublicHead } from "../live/wire.ts";
import { PhaseBar } from "./phase_bar.tsx";
import { RunActions } from "./run_actions.tsx";
import { StatusBadge } from "./status_badge.tsx";

interface Props {
  head: PublicHead;
  phases: readonly Phase[];
  status: ShownStatus;
  now: number; // ms since 1970
  link: RunFeed["link"];
  stopRequested: boolean;
  /** Command line that deletes the run and its folder. */
  remove: string;
}

/** The top of a run's page. */
export function RunHeader({ head, phases, status, now, link, stopRequested, remove }: Props) {
  const { id, imagesSeen, imagesTotal, imagesPerSecond } = head;
  const percent = Math.min(100, 100 * imagesSeen / Math.max(1, imagesTotal));
  const isTraining = status === "running";
  return (
    <section class="panel run-head">
      <div class="run-title">
        <div class="grow">
          <h1>{id}</h1>
          <p class="muted">
            {head.plugin} on {head.data}, seed {head.seed}, started {moment(head.startedAt)}
            {head.sessions > 1 && `, session ${head.sessions}`}
          </p>
        </div>
        <div class="row">
          {link === "lost" && <span class="badge stale">Reconnecting</span>}
          <StatusBadge status={status} />
          <RunActions {...{ id, status, stopRequested, remove }} />
        </div>
      </div>
      <PhaseBar
        phases={phases}
        imagesSeen={imagesSeen}
        imagesTotal={imagesTotal}
        height={26}
        id="timeline"
        labels
      />
      <dl class="tiles num">
        <div>
          <dt>Phase</dt>
          <dd data-testid="phase">{head.resolution} px</dd>
          <dd class="note">
            {head.phaseKind === "fade" ? `fading in, α ${head.alpha.toFixed(2)}` : "stabilizing"}
          </dd>
        </div>
        <div>
          <dt>Images seen</dt>
          <dd data-testid="images">{count(imagesSeen)}</dd>
          <dd class="note">{percent.toFixed(1)} % of {short(imagesTotal)}</dd>
        </div>
        <div>
          <dt>Speed</dt>
          <dd>{imagesPerSecond > 0 && status !== "stale" ? short(imagesPerSecond) : "–"}</dd>
          <dd class="note">images a second</dd>
        </div>
        <div>
          <dt>{isTraining ? "Left" : status === "stale" ? "Last seen" : "Ended"}</dt>
          <dd>
            {isTraining ? duration(head.etaSeconds) : ago(now - (head.endedAt ?? head.heartbeatAt))}
          </dd>
          <dd class="note">
            {isTraining && head.etaSeconds !== null
              ? `until ${moment(now + 1000 * head.etaSeconds)}`
              : isTraining
              ? "not known yet"
              : ""}
          </dd>
        </div>
        <div>
          <dt>Trained</dt>
          <dd>{duration(head.trainedSeconds)}</dd>
          <dd class="note">heartbeat {ago(Math.max(0, now - head.heartbeatAt))}</dd>
        </div>
      </dl>
    </section>
  );
}
