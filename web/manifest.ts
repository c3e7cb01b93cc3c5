/**
 * The file routes, by file name under routes/: "[id]" is a parameter, "index" the folder itself.
 * Maintained by hand so that every import is static; a test compares it with the folder.
 */
import type { Handlers, Page } from "./define.ts";
import apiEvents from "./routes/api/events.ts";
import apiExploreGenerate from "./routes/api/explore/generate.ts";
import apiExploreKeep from "./routes/api/explore/keep.ts";
import apiExploreOpen from "./routes/api/explore/open.ts";
import apiExploreProject from "./routes/api/explore/project.ts";
import apiRunDetails from "./routes/api/runs/[id]/details.ts";
import apiRunEvents from "./routes/api/runs/[id]/events.ts";
import apiRunForget from "./routes/api/runs/[id]/forget.ts";
import apiRunLog from "./routes/api/runs/[id]/log.ts";
import apiRunPanel from "./routes/api/runs/[id]/panels/[panel].ts";
import apiRunReals from "./routes/api/runs/[id]/reals.ts";
import apiRunSample from "./routes/api/runs/[id]/samples/[sample].ts";
import apiRunSeries from "./routes/api/runs/[id]/series.ts";
import apiRunStop from "./routes/api/runs/[id]/stop.ts";
import apiRuns from "./routes/api/runs/index.ts";
import compare from "./routes/compare.tsx";
import explore from "./routes/explore.tsx";
import home from "./routes/index.tsx";
import login from "./routes/login.tsx";
import run from "./routes/runs/[id].tsx";

/** Routes that build their own responses. */
export const handlers: Record<string, Handlers> = {
  "api/events.ts": apiEvents,
  "api/explore/generate.ts": apiExploreGenerate,
  "api/explore/keep.ts": apiExploreKeep,
  "api/explore/open.ts": apiExploreOpen,
  "api/explore/project.ts": apiExploreProject,
  "api/runs/[id]/details.ts": apiRunDetails,
  "api/runs/[id]/events.ts": apiRunEvents,
  "api/runs/[id]/forget.ts": apiRunForget,
  "api/runs/[id]/log.ts": apiRunLog,
  "api/runs/[id]/panels/[panel].ts": apiRunPanel,
  "api/runs/[id]/reals.ts": apiRunReals,
  "api/runs/[id]/samples/[sample].ts": apiRunSample,
  "api/runs/[id]/series.ts": apiRunSeries,
  "api/runs/[id]/stop.ts": apiRunStop,
  "api/runs/index.ts": apiRuns,
  "login.tsx": login,
};

/** Routes that are pages. Each has its own type of props, which only its `load` creates. */
export const pages: Record<string, Page<object>> = {
  "compare.tsx": compare as Page<object>,
  "explore.tsx": explore as Page<object>,
  "index.tsx": home as Page<object>,
  "runs/[id].tsx": run as Page<object>,
};

/** Files in islands/ without ".tsx". */
export const islands = ["compare", "explore", "run", "runs"];

/**
 * The URL path of a route file, e.g. "runs/[id].tsx" → "/runs/:id".
 * @param file relative to routes/
 */
export function pathOf(file: string): string {
  const path = file.replace(/\.tsx?$/, "").replace(/(^|\/)index$/, "").replace(/\[(\w+)\]/g, ":$1");
  return `/${path}`;
}
