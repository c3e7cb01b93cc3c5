/** From what a hook showed to what the run store keeps: pictures become a file. */
import type { PanelData, ShownPanel } from "../plugin/mod.ts";
import type { PanelEntry } from "../run/store/types.ts";
import type { RunOutput } from "./output.ts";

/**
 * Writes pictures, and gives the panel's entry.
 * @param imagesSeen when it was shown
 */
export async function panelEntry(
  { plugin, name, panel, data }: ShownPanel,
  output: RunOutput,
  imagesSeen: number,
): Promise<PanelEntry> {
  const place = { plugin, name, imagesSeen, time: Date.now() };
  if (panel.kind !== "pictures") return { ...panel, ...place, data } as PanelEntry; // checked by its kind
  const { images, captions = [] } = data as PanelData["pictures"]; // as its kind says
  const file = await output.writePanel(`${plugin}-${name}`, images);
  return { ...panel, ...place, data: { ...file, captions } };
}
