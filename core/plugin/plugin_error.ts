/** An error inside a plugin's hook, with where the run stood. */
import { messageOf } from "../text.ts";

/** Where a hook failed. */
export interface HookPlace {
  plugin: string;
  hook: string;
  /** Pixels a side of the present phase. */
  resolution: number;
  imagesSeen: number;
}

/** Thrown by the driver; keeps the plugin's own error as its cause. */
export class PluginError extends Error {
  /** "PluginError"; its `cause` is what the plugin threw. */
  override name = "PluginError";
  readonly place: HookPlace;

  /** Names the place in the message. */
  constructor(place: HookPlace, cause: unknown) {
    super(
      `Plugin "${place.plugin}" failed in hook "${place.hook}" at ${place.resolution} px, ` +
        `${place.imagesSeen} images seen: ${messageOf(cause)}`,
      { cause },
    );
    this.place = place;
  }
}
