/** The plugins that ship, by name; each is loaded only when it is used. */
import type { Plugin } from "../core/mod.ts";

type Load = () => Promise<{ default: Plugin }>;

/** Loaders by the name that `--plugin` takes. */
export const PLUGINS: Readonly<Record<string, Load>> = {
  stylegan: () => import("./stylegan/mod.ts") as Promise<{ default: unknown }> as ReturnType<Load>,
  sketch: () => import("./sketch/mod.ts") as Promise<{ default: unknown }> as ReturnType<Load>,
  "progan-sr": () =>
    import("./progan_sr/mod.ts") as Promise<{ default: unknown }> as ReturnType<Load>,
};
