/// <reference lib="dom" />
/** Stops or forgets a run, after a confirmation and with the page's CSRF token. */
import { useRef, useState } from "preact/hooks";
import { post } from "../live/change.ts";
import { Command } from "./command.tsx";
import type { ShownStatus } from "../lib/status.ts";
import { addressOf } from "../lib/address.ts";

interface Props {
  id: string;
  status: ShownStatus;
  stopRequested: boolean;
  /** Command line that deletes the run and its folder. */
  remove: string;
}

const actions = {
  stop: {
    label: "Stop",
    title: "Stop training?",
    text: "The trainer writes a checkpoint and ends. The run can be resumed from there.",
    confirm: "Stop training",
  },
  forget: {
    label: "Forget",
    title: "Take this run off the dashboard?",
    text: "Its curves, log and list of samples are removed from the dashboard's store, for good. " +
      "Its folder stays as it is, with checkpoints, pictures, stats.jsonl and log.txt; " +
      "deno task runs goes on listing it, and resuming it brings it back here, with curves from there on.",
    confirm: "Forget the run",
  },
} as const;

/** The buttons beside a run's title. */
export function RunActions({ id, status, stopRequested, remove }: Props) {
  const action = status === "running" ? "stop" : "forget";
  const { label, title, text, confirm } = actions[action];
  const dialog = useRef<HTMLDialogElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const act = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await post(addressOf(`/api/runs/${id}/${action}`));
      dialog.current?.close();
      if (action === "forget") location.assign(addressOf("/"));
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <button
        type="button"
        class="button danger"
        disabled={stopRequested && action === "stop"}
        onClick={() => dialog.current?.showModal()}
      >
        {stopRequested && action === "stop" ? "Stopping…" : label}
      </button>
      <dialog ref={dialog} aria-labelledby="confirm-title">
        <div class="stack">
          <h2 id="confirm-title">{title}</h2>
          <p>{text}</p>
          {action === "forget" && (
            <>
              <p class="muted small">To delete the folder, too:</p>
              <Command text={remove} />
            </>
          )}
          {problem && <p class="notice error" role="alert">{problem}</p>}
          <div class="row dialog-foot">
            <button type="button" class="button" onClick={() => dialog.current?.close()}>
              Cancel
            </button>
            <button type="button" class="button danger" disabled={isBusy} onClick={act}>
              {confirm}
            </button>
          </div>
        </div>
      </dialog>
    </>
  );
}
