/** Backend options that can be refused before any data or library is opened. */
import { ConfigError } from "../config/config_layer.ts";
import type { BackendOptions } from "./types.ts";

/**
 * Refuses options that only the TensorFlow backend supports when another backend is named.
 * @throws ConfigError that names the option
 */
export function checkBackendOptions(
  { name = "auto", device, place, precision = "float32" }: BackendOptions,
): void {
  if (name === "auto" || name === "tensorflow") return;
  if (place) {
    throw new ConfigError(
      `Cannot train with several workers on the ${name} backend: expected tensorflow, received ` +
        `${name}. Leave out --workers and --cluster, or use --backend tensorflow`,
    );
  }
  if (device === "gpu") {
    throw new ConfigError(
      `Cannot compute on a GPU with the ${name} backend: expected tensorflow, received ${name}` +
        (name === "webgpu" ? ", which chooses a GPU by itself" : "") +
        `. Leave out --device gpu, or use --backend tensorflow`,
    );
  }
  if (precision !== "float32" && precision !== "auto") {
    throw new ConfigError(
      `Cannot use ${precision} on the ${name} backend: expected float32, received ${precision}. ` +
        `Only TensorFlow has it`,
    );
  }
}
