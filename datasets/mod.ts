/** Data sets: sources, the resolution cache, and loaders. */
export { openDataset } from "./open_dataset.ts";
export { inspectDataset } from "./inspect.ts";
export type { Counted, Inspection } from "./inspect.ts";
export { writeContactSheet } from "./contact_sheet.ts";
export type { ContactSheetOptions } from "./contact_sheet.ts";
export type { CacheProgress, DatasetOptions, Fit } from "./options.ts";
export { defaultCacheDir } from "./cache/location.ts";
export { isShards } from "./shards/read/addresses.ts";
export { writeShards } from "./shards/write/write_shards.ts";
export type { WriteShardsOptions, WrittenShards } from "./shards/write/write_shards.ts";
