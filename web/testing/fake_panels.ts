/** Panels of every kind, as plugins would show them. */
import { join } from "node:path";
import type { RunStore } from "../../core/run/store/types.ts";
import { fakeGrid } from "./fake_pictures.ts";

/**
 * Writes a panel of each kind, one of them empty, and the file of the pictures.
 * @param folder of the run
 */
export async function addPanels(
  store: RunStore,
  id: string,
  { folder, imagesSeen }: { folder: string; imagesSeen: number },
): Promise<void> {
  const place = { imagesSeen, time: 1_700_000_000_000 };
  const watch = { plugin: "watch", ...place };
  await store.setPanel(id, {
    ...{ ...watch, kind: "curves", name: "scores", title: "Real against fake", data: null },
    series: ["score/real", "score/fake"],
  });
  await store.setPanel(id, {
    ...{ ...watch, kind: "table", name: "figures", title: "By resolution" },
    columns: ["Resolution", "SWD", "Since"],
    data: [["4 px", 0.0214, "12,000 images"], ["8 px", 0.0312, null]],
  });
  await store.setPanel(id, {
    ...{ ...watch, kind: "bars", name: "distances", title: "Distances", unit: "samples" },
    note: "A heap at the left end means twins.",
    data: Array.from({ length: 12 }, (_, i) => ({
      label: `${i / 10} to ${(i + 1) / 10}`,
      value: Math.round(20 * Math.exp(-((i - 5) ** 2) / 6)),
    })),
  });
  await store.setPanel(id, {
    ...{ ...watch, kind: "bars", name: "shares", title: "Share of each class" },
    data: [{ label: "animals", value: 0.3 }, { label: "food", value: 0.5 }, {
      label: "travel",
      value: 0.2,
    }],
  });
  await store.setPanel(id, {
    ...{ ...watch, kind: "text", name: "words", title: "In words" },
    data: "Nothing <b>unusual</b>.\n\nThe second paragraph.",
  });
  await store.setPanel(id, {
    ...{ ...watch, kind: "table", name: "empty", title: "Not yet", columns: ["a"], data: null },
  });
  const png = await fakeGrid({ columns: 4, rows: 1, resolution: 32, quality: 1, firstSeed: 40 });
  const path = "panels/watch-twins.png";
  await Deno.mkdir(join(folder, "panels"), { recursive: true });
  await Deno.writeFile(join(folder, path), png);
  await store.setPanel(id, {
    ...{ ...watch, kind: "pictures", name: "twins", title: "The most similar pairs" },
    data: {
      ...{ path, columns: 4, rows: 1, count: 4, cell: { width: 32, height: 32 } },
      captions: ["1, 0.02 from 9", "9, 0.02 from 1", "4, 0.05 from 6", "6, 0.05 from 4"],
    },
  });
}
