/** Requests of the Explore page that a plugin answers itself: enlarging, going on with a sketch. */
import { Buffer } from "node:buffer";
import type { HostImages } from "../../core/images/mod.ts";
import type { OpenedRun, PluginExplore } from "../../core/plugin/mod.ts";
import type { GenerateRequest, ModelInfo } from "../../core/explore/mod.ts";
import { UsageError } from "../errors.ts";

/** What the page shows of a run that its plugin plays with. */
export function exploreInfo(
  explore: PluginExplore,
  run: OpenedRun & { resolution: number; imagesSeen: number; alpha: number },
): ModelInfo {
  const { inputResolution, parts = [] } = explore.facts(run);
  return {
    kind: explore.kind,
    resolution: run.resolution,
    imagesSeen: run.imagesSeen,
    layers: [],
    truncation: false,
    alpha: run.alpha,
    parts: [...parts],
    ...(inputResolution === undefined ? {} : { inputResolution }),
  };
}

/**
 * Lets the plugin draw.
 * @throws UsageError for a request that its controls don't make
 */
export function askPlugin(
  explore: PluginExplore,
  run: OpenedRun,
  request: GenerateRequest,
): Promise<HostImages> {
  if (explore.kind === "super-resolution" && request.kind === "upscale") {
    return explore.draw(run, { png: Buffer.from(request.png, "base64") });
  }
  if (explore.kind === "sketch" && request.kind === "complete") return explore.draw(run, request);
  throw new UsageError(
    `Cannot answer "${request.kind}" with ${run.id}: expected a request for ${explore.kind}`,
  );
}
