/** The backend of all benchmarks: TensorFlow on two threads, loaded once. */
import { selectBackend } from "../../core/backend/mod.ts";

export const backend = await selectBackend({ name: "tensorflow", threads: 2 });
