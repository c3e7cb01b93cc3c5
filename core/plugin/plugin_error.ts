/** An error inside a plugin's hook, with where the run stood. */
import { messageOf } from "../text.ts";

/** Where a hook failed. */
export interface HookPlace {
  /** The plugin's name. */
  plugin: string;
  /** The hook that threw. */
  hook: string;
  /** Pixels a side of the present phase. */
  resolution: number;
  /** When it threw. */
  imagesSeen: number;
}

/** Thrown by the driver; keeps the plugin's own error as its cause. */
export class PluginError extends Error {
  /** "PluginError"; its `cause` is what the plugin threw. */
  override name = "PluginError";
  /** Where it failed. */
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
