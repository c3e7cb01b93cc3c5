/** The plugins that ship, by name; each is loaded only when it is used. */
import type { Plugin } from "../core/mod.ts";

type Load = () => Promise<{ default: Plugin }>;

/** Loaders by the name that `--plugin` takes. */
export const PLUGINS: Readonly<Record<string, Load>> = {
  stylegan: () => import("./stylegan/mod.ts") as Promise<{ default: unknown }> as ReturnType<Load>,
};
