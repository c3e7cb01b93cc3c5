/** Where a run's pictures and checkpoints go, and what its checkpoints say of it. */
import type { RunOutput, TrainingState } from "../../trainer/mod.ts";
import { inOrder, type LoadedPlugin } from "../../plugin/mod.ts";
import { folderOutput, type OutputMeta } from "../folder/folder_output.ts";
import type { RunFolder } from "../folder/run_folder.ts";
import type { PreparedRun } from "./prepare_run.ts";
import { decidingConfig } from "../spec/deciding_config.ts";
import { VERSION } from "../version.ts";

/** What a checkpoint of the run would say of it now. */
export function checkpointMeta({ spec, loaded, dataset, backend }: PreparedRun): OutputMeta {
  const { name, digest, count } = dataset.info;
  return {
    plugins: inOrder(loaded).map(({ plugin }) => plugin.name),
    config: decidingConfig(spec, inOrder(loaded)),
    seed: spec.run.seed,
    dataset: { name, digest, count },
    fingerprint: backend.info.fingerprint,
    versions: {
      cambium: VERSION,
      backend: backend.info.library,
      ...Object.fromEntries(
        inOrder(loaded).flatMap(({ plugin, code }) => code ? [[codeKey(plugin.name), code]] : []),
      ),
    },
  };
}

/** Under which of its versions a checkpoint keeps the SHA-256 of a plugin's code. */
const codeKey = (plugin: string) => `plugin ${plugin}`;

/** Those of a checkpoint's versions that are of plugins' code. */
export function checkpointCodes(
  versions: Readonly<Record<string, string>>,
): Record<string, string> {
  const entries = Object.entries(versions);
  return Object.fromEntries(entries.filter(([key]) => key.startsWith(codeKey(""))));
}

/** Whether a plugin's code is that which a checkpoint was written with, as far as it is known. */
export function isSameCode(
  { plugin, code }: LoadedPlugin,
  versions: Readonly<Record<string, string>>,
): boolean {
  const before = versions[codeKey(plugin.name)];
  return before === undefined || before === code;
}

/** Writes into the run's folder. */
export function runOutput(
  prepared: PreparedRun,
  { folder }: RunFolder,
  training: TrainingState,
): RunOutput {
  return folderOutput(folder, {
    meta: checkpointMeta(prepared),
    keepCheckpoints: prepared.spec.run.keepCheckpoints,
    keepSamples: prepared.spec.run.keepSamples,
    info: () => ({ trainedSeconds: training.trainedSeconds }),
    onDamaged: (path, reason) =>
      training.outbox.warn("checkpoint-damaged", `${path} is damaged: ${reason}`),
    onUnpruned: (reason) =>
      training.outbox.warn("checkpoints-kept", `No old checkpoints are removed: ${reason}`),
  });
}
