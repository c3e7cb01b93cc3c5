/** One process's training of a run. */
import type { RunOutput, TrainingState, TrainOptions } from "../../trainer/mod.ts";
import type { RunLock } from "../folder/lock.ts";
import type { RunFolder } from "../folder/run_folder.ts";
import type { PreparedRun } from "./prepare_run.ts";

/** A run in memory that holds its lock. */
export interface Session {
  prepared: PreparedRun;
  folder: RunFolder;
  /** Its networks and all other state that training changes. */
  training: TrainingState;
  /** Where pictures and checkpoints are written. */
  output: RunOutput;
  /** Running means of the interval that was unfinished at the last checkpoint. */
  interval: NonNullable<TrainOptions["interval"]>;
  /** Keeps other processes from training the run. */
  lock: RunLock;
  /** Whether an earlier session has trained it. */
  resumed: boolean;
  /** Path of the checkpoint that this process wrote last, relative to the run's folder. */
  saved?: string;
}
