/** Data sets: sources, the resolution cache, and loaders. */
export { openDataset } from "./open_dataset.ts";
export type { CacheProgress, DatasetOptions, Fit, SketchOptions } from "./options.ts";
export { defaultCacheDir } from "./cache/location.ts";
