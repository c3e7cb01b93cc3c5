/** One process's training of a run. */
import type { RunOutput, TrainingState, TrainOptions } from "../../trainer/mod.ts";
import type { RunLock } from "../folder/lock.ts";
import type { RunFolder } from "../folder/run_folder.ts";
import type { PreparedRun } from "./prepare_run.ts";

/** A run in memory that holds its lock. */
export interface Session {
  prepared: PreparedRun;
  folder: RunFolder;
  /** Its networks and all that training changes. */
  training: TrainingState;
  /** Where pictures and checkpoints go. */
  output: RunOutput;
  /** Running means that the last checkpoint had begun. */
  interval: NonNullable<TrainOptions["interval"]>;
  /** Keeps other processes off the run. */
  lock: RunLock;
  /** Whether an earlier session trained it. */
  resumed: boolean;
  /** The checkpoint that this process wrote last, inside the run's folder. */
  saved?: string;
}
