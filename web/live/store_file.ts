/**
 * Detects that the run store's file is gone. An open database would go on reading a file that
 * nobody writes any more.
 */
import { watchStoreFile } from "../../core/run/store/store_file.ts";
import type { RunStore } from "../../core/run/store/types.ts";

/** The methods that every page starts with. */
const GUARDED = ["list", "ids", "head"] as const;

/**
 * Wraps the store so that reading fails after its file was removed or replaced.
 * @param store open on the file
 * @param path of the file
 */
export async function guardStoreFile(store: RunStore, path: string): Promise<RunStore> {
  const look = await watchStoreFile(path);
  const expectFile = async () => {
    const lost = await look();
    if (!lost) return;
    throw new Error(
      `Cannot read the run store at ${path}: the file was ${lost} since the dashboard started. ` +
        `Restart deno task web to read what is there now`,
    );
  };
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      if (!GUARDED.some((guarded) => guarded === name)) return value.bind(target);
      return async (...given: unknown[]) => {
        await expectFile();
        return await value.apply(target, given);
      };
    },
  });
}
