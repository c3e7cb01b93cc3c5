/** The error with which distributed training ends because of another process. */

/** Exit code of a worker that lost another: EX_TEMPFAIL of sysexits.h, "try again later". */
export const WORKER_LOST = 75;

/** Another worker is frozen, unreachable, was killed, or ended with an error of its own. */
export class WorkerLostError extends Error {
  /** "WorkerLostError". */
  override name = "WorkerLostError";
  /** The code to exit with: {@linkcode WORKER_LOST}, or that of the other worker. */
  readonly exitCode: number;

  /** @param exitCode see {@linkcode exitCode} */
  constructor(message: string, exitCode: number = WORKER_LOST) {
    super(message);
    this.exitCode = exitCode;
  }
}
