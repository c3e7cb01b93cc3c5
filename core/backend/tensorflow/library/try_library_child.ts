/**
 * The process of its own in which a TensorFlow is tried: it prints the version, or why there is
 * none.
 */
import { openLibrary } from "../binding/open.ts";

const [folder = ""] = Deno.args;
try {
  console.log(openLibrary(folder).version);
} catch (error) {
  console.error((error as Error).message); // Deno throws Errors
  Deno.exit(1);
}
