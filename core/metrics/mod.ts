export * from "./collapse.ts";
export {
  type Alarm,
  COLLAPSE_ALARMS,
  type CollapseCode,
  type CollapseSignals,
  type WatchedSignal,
} from "./collapse_alarms.ts";
export * from "./density_coverage.ts";
export * from "./frechet_distance.ts";
export type { FeatureExtractor, FeatureSet } from "./feature_set.ts";
export * from "./kid.ts";
export * from "./looks.ts";
export * from "./memorization.ts";
export * from "./mixture_share.ts";
export * from "./ms_ssim.ts";
export type { CompareOptions, ImageShape } from "./planes.ts";
export * from "./project.ts";
export * from "./project_tfjs.ts";
export * from "./psnr.ts";
export * from "./sample_diversity.ts";
export type { SlicedWassersteinOptions } from "./sliced_wasserstein.ts";
export * from "./ssim.ts";
export * from "./swd.ts";
