/** How a run is exported. */

/** Export formats. */
export const EXPORT_FORMATS = ["web", "onnx", "savedmodel", "safetensors"] as const;
/** One of them. */
export type ExportFormat = typeof EXPORT_FORMATS[number];

/**
 * Noise maps of the exported functions: the same ones for every picture, none, or given as inputs.
 */
export const EXPORT_NOISES = ["fixed", "none", "input"] as const;

/** What to write, and where. */
export interface ExportOptions {
  to: ExportFormat;
  /** Folder; other files in it are left alone. */
  out: string;
  /** Default "fixed". */
  noise?: typeof EXPORT_NOISES[number] | undefined;
  /**
   * "ema": moving average of the generator; "live": the weights in training. Default "ema" where
   * there is an average.
   */
  weights?: "ema" | "live" | undefined;
  /** The first style layer that is not truncated. Default: all are truncated. */
  truncationCutoff?: number | undefined;
  onProgress?: ((fraction: number, message: string) => void) | undefined;
}
