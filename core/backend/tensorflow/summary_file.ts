/** TensorBoard event files by TensorFlow's summary ops (tensorflow/core/ops/summary_ops.cc). */
import type { SummaryFile } from "../types.ts";
import { AttrKind, DType } from "./binding/dtypes.ts";
import type { TensorFlowBinding } from "./binding/binding.ts";

/** Writers are TensorFlow's by their names; each file has one of its own. */
let opened = 0;

/**
 * Makes `<folder>/events.out.tfevents.<seconds>.<host>.<process>.<number><suffix>`.
 * @throws Error with TensorFlow's reason if it can't be made; also from `append`, where the file can't be written
 */
export function openSummaryFile(
  binding: TensorFlowBinding,
  folder: string,
  suffix: string,
): SummaryFile {
  const attributes = [
    { name: "shared_name", type: AttrKind.STRING, value: `cambium-${++opened}` },
    { name: "container", type: AttrKind.STRING, value: "" },
  ];
  // One output.
  const writer = binding.executeOp("SummaryWriter", attributes, [], 1)[0]!.id;
  const run = (op: string, ...inputs: (string | number | Uint8Array)[]) => {
    const given = inputs.map((input) => scalar(binding, input));
    try {
      binding.executeOp(op, [], [writer, ...given], 0);
    } finally {
      given.forEach((id) => binding.deleteTensor(id));
    }
  };
  const QUEUE = 1, FLUSH_MILLISECONDS = 1000; // each event is flushed by itself
  try {
    run("CreateSummaryFileWriter", folder, QUEUE, FLUSH_MILLISECONDS, suffix);
  } catch (error) {
    binding.deleteTensor(writer);
    throw error;
  }
  return {
    append(event) {
      run("ImportEvent", event);
      run("FlushSummaryWriter");
    },
    close() {
      try {
        run("CloseSummaryWriter");
      } finally {
        binding.deleteTensor(writer);
      }
    },
  };
}

/** The handle number of a scalar: text and bytes as a string, a number as int32. */
function scalar(binding: TensorFlowBinding, value: string | number | Uint8Array): number {
  if (typeof value === "number") return binding.createTensor([], DType.INT32, Int32Array.of(value));
  const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
  // tfjs's type of values has strings as UTF-8 bytes among what it calls BackendValues.
  return binding.createTensor([], DType.STRING, [bytes]);
}
