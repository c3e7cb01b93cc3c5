/** The plugins that ship, by name; each is loaded only when it is used. */
import type { Plugin } from "../core/mod.ts";

/** Loads a plugin. */
export type Load = () => Promise<{ default: Plugin }>;

/** A loader without the plugin's own types: its hooks are called with its own options only. */
const typeless = (load: () => Promise<{ default: unknown }>) => load as Load;

/** Loaders by the name that `--plugin` takes. */
export const PLUGINS: Readonly<Record<string, Load>> = {
  // models
  stylegan: typeless(() => import("./stylegan/mod.ts")),
  sketch: typeless(() => import("./sketch/mod.ts")),
  "progan-sr": typeless(() => import("./progan_sr/mod.ts")),
  progan: typeless(() => import("./progan/mod.ts")),
  dcgan: typeless(() => import("./examples/dcgan.ts")),
  "style-transfer": typeless(() => import("./style_transfer/mod.ts")),
  "conditional-progan": typeless(() => import("./examples/conditional_progan.ts")),
  // add-ons
  ada: typeless(() => import("./addons/ada.ts")),
  "diff-augment": typeless(() => import("./addons/diff_augment.ts")),
  projected: typeless(() => import("./addons/projected.ts")),
  "path-length": typeless(() => import("./addons/path_length.ts")),
  "gradient-norm": typeless(() => import("./addons/gradient_norm.ts")),
  diversity: typeless(() => import("./addons/diversity.ts")),
  plateau: typeless(() => import("./addons/plateau.ts")),
  "soft-start": typeless(() => import("./addons/soft_start.ts")),
  best: typeless(() => import("./addons/best.ts")),
};
