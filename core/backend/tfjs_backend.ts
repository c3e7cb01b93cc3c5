/** What the backends that come with tfjs have in common. */
import * as tf from "@tensorflow/tfjs";
import { cpuModel } from "./cpu_model.ts";
import { eagerFunction } from "./eager_function.ts";
import type { Backend, BackendInfo, BackendName, DeviceInfo } from "./types.ts";

/** What differs between them. */
export interface TfjsBackendOptions {
  name: Exclude<BackendName, "tensorflow">;
  devices?: DeviceInfo[];
  fingerprint?: Record<string, string>;
}

/** Describes a tfjs backend that is already active. */
export function tfjsBackend(
  { name, devices = [{ name: cpuModel(), kind: "CPU" }], fingerprint = {} }: TfjsBackendOptions,
): Backend {
  const version = tf.version_core;
  const info: BackendInfo = {
    name,
    precision: "float32",
    library: `tfjs-backend-${name} ${version}`,
    origin: "npm",
    threads: 1,
    devices,
    fingerprint: {
      backend: name,
      library: version,
      platform: `${Deno.build.os}-${Deno.build.arch}`,
      cpu: cpuModel(),
      devices: devices.map((device) => device.name).join(),
      ...fingerprint,
    },
  };
  return { info, compile: eagerFunction };
}
