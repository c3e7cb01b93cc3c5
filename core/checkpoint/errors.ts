/**
 * A checkpoint that can't be trusted: torn, changed, or not a checkpoint; readers fall back to the
 * one before.
 */
export class CorruptCheckpointError extends Error {
  /** Tells it from other errors where classes are loaded twice. */
  override name = "CorruptCheckpointError";
}

/**
 * A checkpoint of a newer Cambium: nothing is wrong with it, so readers stop instead of falling
 * back.
 */
export class NewerCheckpointError extends Error {
  /** Tells it from other errors where classes are loaded twice. */
  override name = "NewerCheckpointError";
}
