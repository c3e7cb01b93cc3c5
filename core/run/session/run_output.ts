/** The output of a run's pictures and checkpoints, and the checkpoints' metadata. */
import type { RunOutput, TrainingState } from "../../trainer/mod.ts";
import { inOrder, type LoadedPlugin } from "../../plugin/mod.ts";
import { folderOutput, type OutputMeta } from "../folder/folder_output.ts";
import type { RunFolder } from "../folder/run_folder.ts";
import type { PreparedRun } from "./prepare_run.ts";
import { decidingConfig } from "../spec/deciding_config.ts";
import { VERSION } from "../version.ts";

/** The metadata of a checkpoint written now. */
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

/** The key of a plugin's SHA-256 among a checkpoint's versions. */
const codeKey = (plugin: string) => `plugin ${plugin}`;

/** The entries of plugins' code among a checkpoint's versions. */
export function checkpointCodes(
  versions: Readonly<Record<string, string>>,
): Record<string, string> {
  const entries = Object.entries(versions);
  return Object.fromEntries(entries.filter(([key]) => key.startsWith(codeKey(""))));
}

/** Whether a plugin's code is the same as when a checkpoint was written; true where unknown. */
export function isSameCode(
  { plugin, code }: LoadedPlugin,
  versions: Readonly<Record<string, string>>,
): boolean {
  const before = versions[codeKey(plugin.name)];
  return before === undefined || before === code;
}

/** The output that writes to the run's folder. */
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
