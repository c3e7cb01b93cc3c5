/**
 * Dashboard panels that plugins declare and their hooks fill. They hold plain data; the page draws
 * it.
 */
import type { HostImages } from "../images/mod.ts";

/** Title and note of any panel. */
export interface PanelTitle {
  /** Shown above the panel, e.g. "Likest samples". */
  title: string;
  /** A sentence under the title: what the panel shows, and what would be a bad sign. */
  note?: string;
}

/**
 * Draws curves in one chart under this title instead of grouping them by prefix. It takes no data
 * of its own.
 */
export interface CurvesPanel extends PanelTitle {
  /** Lines over images seen. */
  kind: "curves";
  /** Names as given to `context.chart` or `step.report`, e.g. "ada/p". */
  series: readonly string[];
}

/** A table of numbers and text. */
export interface TablePanel extends PanelTitle {
  /** Rows and columns. */
  kind: "table";
  /** Column headings. */
  columns: readonly string[];
}

/** Values side by side: a histogram, or shares by name. */
export interface BarsPanel extends PanelTitle {
  /** Bars from 0, of either sign. */
  kind: "bars";
  /** What a value counts, e.g. "samples". */
  unit?: string;
}

/** Small pictures with captions. */
export interface PicturesPanel extends PanelTitle {
  kind: "pictures";
}

/** Paragraphs of plain text. */
export interface TextPanel extends PanelTitle {
  kind: "text";
}

/** A panel as a plugin declares it. */
export type Panel = CurvesPanel | TablePanel | BarsPanel | PicturesPanel | TextPanel;

/** How a panel is drawn. */
export type PanelKind = Panel["kind"];

/** A plugin's panels by name; the name is what `context.show` is given. */
export type Panels = Readonly<Record<string, Panel>>;

/** One cell of a table; null stays empty. */
export type PanelCell = string | number | null;

/** One bar. */
export interface PanelBar {
  /** What the bar stands for, e.g. a class or a range. */
  label: string;
  value: number;
}

/** The data that a hook shows, by the panel's kind. It replaces what was shown before. */
export interface PanelData {
  /** Nothing: curves come from `context.chart`. */
  curves: never;
  /** Rows with one cell per column. */
  table: readonly (readonly PanelCell[])[];
  /** In display order. */
  bars: readonly PanelBar[];
  /** Pictures on the host, [N, H, W, 1 or 3] in [-1, 1], and N captions or none. */
  pictures: { images: HostImages; captions?: readonly string[] };
  /** Paragraphs are separated by blank lines. */
  text: string;
}

/** The data for the panel `K` of `P`. */
export type ShownIn<P extends Panels, K extends keyof P> = PanelData[P[K]["kind"]];

/** Data shown in a panel, checked and copied. */
export interface ShownPanel {
  plugin: string;
  /** Name of the panel, as declared. */
  name: string;
  panel: Panel;
  data: PanelData[PanelKind];
}
