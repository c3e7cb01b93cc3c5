/**
 * Cambium's API for plugin authors, and no more: the command line, the dashboard and tests import
 * from the folders of core. Adding or removing a name changes the API, and must change
 * tests/api/names.json.
 */

// Plugins: their definition, and the arguments and answers of hooks.
export {
  type Context,
  defineCommand,
  definePlugin,
  type Hooks,
  type ImageOrigin,
  type LossTerm,
  type NetworkName,
  type PlainData,
  type Plugin,
  PluginError,
  type PluginState,
  type Preparation,
  type Preset,
  type StepContext,
  type StepMetrics,
} from "./plugin/mod.ts";

// Options of plugins, of their commands, and of the run.
export { ConfigError, type ConfigOf, field, object, type RunConfig } from "./config/mod.ts";

// Models, and drawing from them.
export type {
  GenerateOptions,
  LatentSpace,
  MixOptions,
  Model,
  Preview,
  PreviewRequest,
} from "./plugin/mod.ts";
export { inChunks } from "./trainer/mod.ts";
export type { Phase } from "./schedule.ts";

// What a plugin adds to the command line, to `metrics`, to the dashboard, and to exports.
export {
  defineExplore,
  type ExploreDrawing,
  type ExportedCompleter,
  type ExportedEnlarger,
  type ExportedFunction,
  type ExportedModel,
  type ExportedPlacer,
  type MeasuredTable,
  type MeasureOptions,
  type OpenedRun,
  type Panel,
  type Panels,
  type PluginCommand,
  type PluginCommandContext,
  type PluginExplore,
  type Strokes,
} from "./plugin/mod.ts";

// Tensors, and reproducible random draws.
/** TensorFlow.js, the same instance that Cambium computes with. */
export * as tf from "@tensorflow/tfjs";
export { Random, randomNormal, randomUniform, type Seed, seedFor, withSeed } from "./random.ts";

// Named weights, and their initializers.
export {
  constant,
  createParameters,
  heNormal,
  type Initializer,
  type NamedVariable,
  normal,
  ones,
  type Parameters,
  zeros,
} from "./layers/mod.ts";

// Layers.
export {
  adain,
  constantInput,
  downsampleConv2d,
  equalizedConv2d,
  equalizedDense,
  fromImage,
  type ImageLayer,
  instanceNorm,
  minibatchStddev,
  modulatedConv2d,
  noise,
  pixelNorm,
  toImage,
  upsampleConv2d,
  type VectorLayer,
  warnOfLoneSample,
} from "./layers/mod.ts";

// Twice-differentiable operations, as gradient penalties need.
export {
  absolute,
  blur,
  clamp,
  clampInward,
  downsampleAverage,
  downsampleBinomial,
  gradientOf,
  leakyRelu,
  lerp,
  linear,
  maximum,
  oneHot,
  resizeMatrix,
  type ResizeMethod,
  upsampleBilinear,
  upsampleNearest,
  withGradient,
} from "./ops/mod.ts";

// Losses: those of the run's options, and building blocks for your own terms.
export { adversarialTerms, type Adversaries, fadeReals } from "./losses/adversarial_terms.ts";
export { l1, r1, wganGp } from "./losses/mod.ts";

// Optimizers.
export {
  applyUpdate,
  createAdam,
  createSlots,
  type Gradients,
  lossGradients,
  type Optimizer,
} from "./optim/mod.ts";

// Features of pretrained networks.
export {
  cachedEfficientNetWeights,
  createEfficientNet,
  type EfficientNet,
  efficientNetDistance,
  efficientNetWeights,
  missingVgg,
  perceptualDistance,
  prepareVgg,
  readVgg,
  readVggEncoder,
  STAGE_CHANNELS,
  VGG_FEATURES,
  type VggEncoder,
  type VggSources,
  vggSources,
  type VggWeights,
} from "./features/mod.ts";

// Data and pictures on the host.
export type {
  BatchLoader,
  DataKind,
  Dataset,
  DatasetInfo,
  HostBatch,
  HostPicture,
  SketchOptions,
  SketchPair,
} from "./data.ts";
export {
  type HostImages,
  type ListedPicture,
  listPictures,
  MAX_PIXELS,
  type OpenedPicture,
  openPicture,
  PictureError,
  pictureFormat,
  type PictureList,
  readPictureFile,
  writeGrid,
} from "./images/mod.ts";
export {
  type Box,
  BOX_SHARE,
  boxOf,
  cropMatrix,
  DrawingError,
  frameOf,
  LEAST_BOX,
  LEAST_FRAME,
  pasteLines,
  placedLines,
  type Polyline,
  rasterize,
  type StrokeGroup,
  strokesSvg,
  traceStrokes,
} from "./sketches/mod.ts";

// Metrics of images.
export {
  densityCoverage,
  type FeatureSet,
  frechetDistance,
  LOOKS,
  looksOf,
  mixtureShare,
  type Moments,
  psnr,
  sampleDiversity,
  ssim,
} from "./metrics/mod.ts";

// Files of a plugin, the backend, and helpers for messages.
export type { Backend } from "./backend/mod.ts";
export { counted, messageOf } from "./text.ts";
export { writeWhole } from "./write_whole.ts";
