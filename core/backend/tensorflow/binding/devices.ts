/** The devices that TensorFlow found. */
import type { DeviceInfo } from "../../types.ts";
import { notNull, readText, type Status } from "./status.ts";
import type { TensorFlowSymbols } from "./symbols.ts";

/** Lists the CPUs and GPUs of an eager context, without XLA's pseudo-devices. */
export function listDevices(
  symbols: TensorFlowSymbols,
  context: Deno.PointerObject,
  status: Status,
): DeviceInfo[] {
  const list = symbols.TFE_ContextListDevices(context, status.pointer);
  status.check("list TensorFlow's devices");
  const devices: DeviceInfo[] = [];
  try {
    const count = symbols.TF_DeviceListCount(notNull(list, "list TensorFlow's devices"));
    for (let i = 0; i < count; i++) {
      const kind = readText(symbols.TF_DeviceListType(list, i, status.pointer));
      const name = readText(symbols.TF_DeviceListName(list, i, status.pointer));
      const bytes = Number(symbols.TF_DeviceListMemoryBytes(list, i, status.pointer));
      status.check(`describe TensorFlow's device ${i}`);
      if (kind === "GPU") devices.push({ name, kind, memoryBytes: bytes });
      if (kind === "CPU") devices.push({ name, kind }); // its reported memory is a constant
    }
  } finally {
    symbols.TF_DeleteDeviceList(list);
  }
  return devices;
}
