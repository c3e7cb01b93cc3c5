/** Runs: their folders, locks, observers and stored state. */
export { StoreTimeoutError } from "./store/deadline.ts";
export type { KvRunStoreOptions } from "./store/kv_store.ts";
export { filterLines, LineFile } from "./folder/line_file.ts";
export * from "./folder/folder_output.ts";
export * from "./folder/lock.ts";
export { defaultStorePath, openRunStore, STORE_NAME } from "./store/open_store.ts";
export { folderObserver } from "./observers/folder_observer.ts";
export { logLinesOf } from "./observers/log_lines.ts";
export { storeObserver, type StoreObserverOptions } from "./observers/store_observer.ts";
export { tensorboardObserver } from "./observers/tensorboard_observer.ts";
export * from "./folder/run_folder.ts";
export * from "./folder/sample_path.ts";
export * from "./folder/stats_file.ts";
export type { EventImage } from "./tensorboard/events.ts";
export * from "./tensorboard/writer.ts";
export * from "./store/types.ts";
