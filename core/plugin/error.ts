/** An error inside a plugin's hook, with where the run stood. */
import { messageOf } from "../text.ts";

/** Where a hook failed. */
export interface HookPlace {
  plugin: string;
  hook: string;
  resolution: number; // px a side
  imagesSeen: number;
}

/** Thrown by the driver; keeps the plugin's own error as its cause. */
export class PluginError extends Error {
  override name = "PluginError";
  readonly place: HookPlace;

  constructor(place: HookPlace, cause: unknown) {
    super(
      `Plugin "${place.plugin}" failed in hook "${place.hook}" at ${place.resolution} px, ` +
        `${place.imagesSeen} images seen: ${messageOf(cause)}`,
      { cause },
    );
    this.place = place;
  }
}
