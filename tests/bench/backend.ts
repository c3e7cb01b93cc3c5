/** The backend of all parts: TensorFlow on two threads, loaded once. */
import { selectBackend } from "../../core/backend/mod.ts";

export const backend = await selectBackend({ name: "tensorflow", threads: 2 });
