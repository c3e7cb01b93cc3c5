/** A run with curves and its phases, for tests of what is sent live. */
import { fakePhases } from "../testing/fake_runs.ts";

/** For fakeRun(). */
export const LIVE_RUN = { id: "00001-a", points: 40, grid: 0, resolution: 8, phaseImages: 500 };

/** The phases of the run. */
export const LIVE_PHASES = fakePhases(LIVE_RUN.resolution, LIVE_RUN.phaseImages);
