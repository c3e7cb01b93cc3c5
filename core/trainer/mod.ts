/** The training of a run. */
export * from "./network_step.ts";
export * from "./output.ts";
export * from "./pace.ts";
export * from "./preview.ts";
export * from "./probe.ts";
export * from "./session.ts";
export * from "./snapshot.ts";
export * from "./train.ts";
