/** The shipped plugins by name; each is loaded only when it is used. */
import type { Plugin } from "../core/mod.ts";

/** Imports a plugin's module. */
export type Load = () => Promise<{ default: Plugin }>;

/**
 * Drops a plugin's own types. This is safe because a run calls its hooks with its own options only.
 */
const typeless = (load: () => Promise<{ default: unknown }>) => load as Load;

/** Loaders by the name that `--plugin` accepts. */
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
