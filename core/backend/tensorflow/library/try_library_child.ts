/** The process in which a TensorFlow is tried: prints its version, or why it can't be loaded. */
import { openLibrary } from "../binding/open.ts";

const [folder = ""] = Deno.args;
try {
  console.log(openLibrary(folder).version);
} catch (error) {
  console.error((error as Error).message); // Deno throws Errors
  Deno.exit(1);
}
