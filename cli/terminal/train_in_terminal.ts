/**
 * A training session in a terminal: its status line, Ctrl-C, the dashboard, and the summary at the
 * end.
 */
import { printJson, printWherePossible } from "./print.ts";
import { basename, relative } from "node:path";
import { findCheckpoints } from "../../core/checkpoint/mod.ts";
import type { Notices } from "../../core/run/notices.ts";
import type { RunPlaces } from "../../core/run/places.ts";
import type { TrainingRun, TrainRunOptions } from "../../core/run/session/training_run.ts";
import { messageOf } from "../../core/text.ts";
import { type Dashboard, startDashboard } from "../start_dashboard.ts";
import { stopSignals } from "./stop_signals.ts";
import { trainObserver } from "./train_observer.ts";

/** Flags that decide what is shown. */
export interface SessionFlags extends RunPlaces {
  json?: true;
  web?: true;
  /** Port of the dashboard; default: any free one. */
  port?: number;
}

/** Trains until the run ends or is stopped, and prints how to continue. */
export async function trainInTerminal(
  run: TrainingRun,
  flags: SessionFlags,
  notices: Notices,
  workers?: TrainRunOptions["workers"],
): Promise<void> {
  const signals = stopSignals((name, endsAtOnce) =>
    notices.log(`${name}: writing a checkpoint${endsAtOnce ? "; once more ends at once" : ""}`)
  );
  const print = printWherePossible((message) => notices.warn(`${message}. Training goes on`));
  const inside = relative(Deno.cwd(), run.folder);
  const shown = inside.startsWith("..") ? run.folder : inside;
  if (!flags.json) {
    const { count, kind, name } = run.dataset;
    print(`${shown}: ${count} ${kind} of ${name}, ${run.backend.info.library}`);
  }
  const dashboard = flags.web ? await openDashboard(flags, notices) : undefined;
  const ended = await run.train({
    signal: signals.signal,
    ...(workers ? { workers } : {}),
    observers: flags.json ? [] : [trainObserver({ folder: shown })],
  }).catch(async (error) => {
    if (!flags.json && !workers) await printWayBack(run, print);
    throw error;
  }).finally(async () => {
    signals.dispose();
    await dashboard?.close();
  });
  const { animation, ...result } = ended;
  if (flags.json) {
    return printJson({ run: run.id, folder: run.folder, ...result });
  }
  const { status, imagesSeen, reason } = result;
  print(
    `${status === "finished" ? "Finished" : "Stopped"} at ${imagesSeen} images: ${reason}`,
  );
  const { resume, extend, others } = run.commands;
  print(`Go on:      ${status === "finished" && extend || resume}`);
  for (const { label, command } of others) print(`${label}:`.padEnd(12) + command);
  if (animation) print(`Growth:     ${shown}/${basename(animation)}`);
}

/** Says where a run that failed can go on, unless it has no checkpoint yet. */
async function printWayBack(
  { folder, commands }: TrainingRun,
  print: (line: string) => void,
): Promise<void> {
  const newest = (await findCheckpoints(folder).catch(() => [])).at(-1);
  if (!newest) return;
  print(`The last checkpoint is that at ${newest.imagesSeen} images. When the cause is mended,`);
  print(`go on:      ${commands.resume}`);
}

/** Starts the dashboard beside training. If that fails, a warning is given and training goes on. */
async function openDashboard(
  flags: SessionFlags,
  notices: Notices,
): Promise<Dashboard | undefined> {
  const { runs, kv } = flags;
  try {
    const options = {
      runs,
      ...(kv ? { kv } : {}),
      host: "127.0.0.1",
      port: flags.port ?? 0,
      explore: false,
    };
    const dashboard = await startDashboard(options, notices);
    notices.log(`Dashboard: ${dashboard.url}`);
    return dashboard;
  } catch (error) {
    notices.warn(`no dashboard: ${messageOf(error)}`);
    return undefined;
  }
}
