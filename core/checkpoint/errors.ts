/**
 * A checkpoint that can't be trusted because it is incomplete, modified, or not a checkpoint;
 * readers fall back to the previous one.
 */
export class CorruptCheckpointError extends Error {
  /** Identifies the error even if the class is loaded twice. */
  override name = "CorruptCheckpointError";
}

/** A checkpoint of a newer Cambium. It is intact, so readers stop instead of falling back. */
export class NewerCheckpointError extends Error {
  /** Identifies the error even if the class is loaded twice. */
  override name = "NewerCheckpointError";
}
