/** An error inside a plugin's hook, with the run's position. */
import { messageOf } from "../text.ts";

/** Where a hook failed. */
export interface HookPlace {
  plugin: string;
  hook: string;
  /** Resolution of the current phase, px. */
  resolution: number;
  imagesSeen: number;
}

/** A plugin's hook failed. Thrown by the driver, with the plugin's own error as its cause. */
export class PluginError extends Error {
  /** "PluginError"; its `cause` is what the plugin threw. */
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
