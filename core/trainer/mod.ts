/** The training of a run. */
export * from "./available_memory.ts";
export * from "./run_watch.ts";
export * from "./diverged_error.ts";
export * from "./emitter.ts";
export * from "./interval.ts";
export * from "./network_step.ts";
export * from "./outbox.ts";
export * from "./out_of_memory.ts";
export * from "./output.ts";
export * from "./pace.ts";
export * from "./preview.ts";
export * from "./probe.ts";
export * from "./session.ts";
export * from "./snapshot.ts";
export * from "./stage.ts";
export * from "./train.ts";
