/** How a run is exported. */

/** Formats that are written. */
export const EXPORT_FORMATS = ["web", "onnx", "savedmodel", "safetensors"] as const;
/** One of them. */
export type ExportFormat = typeof EXPORT_FORMATS[number];

/** What noise maps are outside: the same ones for every picture, none, or inputs. */
export const EXPORT_NOISES = ["fixed", "none", "input"] as const;

/** What to write, and where. */
export interface ExportOptions {
  to: ExportFormat;
  /** Folder; files in it that are not written stay. */
  out: string;
  /** Default "fixed". */
  noise?: typeof EXPORT_NOISES[number] | undefined;
  /** The averaged generator or the one that trains. Default "ema" where there is an average. */
  weights?: "ema" | "live" | undefined;
  /** The first style layer that is not truncated. Default: all are. */
  truncationCutoff?: number | undefined;
  onProgress?: ((fraction: number, message: string) => void) | undefined;
}
