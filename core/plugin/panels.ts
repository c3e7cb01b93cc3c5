/**
 * Panels of the dashboard that plugins declare and their hooks fill: plain data, drawn by the page
 * itself.
 */
import type { HostImages } from "../images/mod.ts";

/** What every panel says of itself. */
export interface PanelTitle {
  /** Above the panel, e.g. "Likest samples". */
  title: string;
  /** A sentence under the title: what is seen, and what would be bad. */
  note?: string;
}

/** Curves in one chart under this title, instead of by their prefix; nothing is shown into it. */
export interface CurvesPanel extends PanelTitle {
  /** Lines over images seen. */
  kind: "curves";
  /** Names as given to `context.chart` or `step.report`, e.g. "ada/p". */
  series: readonly string[];
}

/** Rows of figures and words. */
export interface TablePanel extends PanelTitle {
  /** Rows and columns. */
  kind: "table";
  /** Heads of the columns. */
  columns: readonly string[];
}

/** Values side by side: a histogram, or shares by name. */
export interface BarsPanel extends PanelTitle {
  /** Lengths from 0, of either sign. */
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
  /** What it is, e.g. a class or a range. */
  label: string;
  value: number;
}

/** What a hook shows, by the panel's kind. It replaces what was shown before. */
export interface PanelData {
  /** Nothing: curves come from `context.chart`. */
  curves: never;
  /** Rows as long as the panel's columns. */
  table: readonly (readonly PanelCell[])[];
  /** In the order to draw them. */
  bars: readonly PanelBar[];
  /**
   * Pictures on the host, [N, H, W, 1 or 3] in [-1, 1], each with a caption where there are some.
   */
  pictures: { images: HostImages; captions?: readonly string[] };
  /** Paragraphs are separated by blank lines. */
  text: string;
}

/** What can be shown into a panel of `P` by the name `K`. */
export type ShownIn<P extends Panels, K extends keyof P> = PanelData[P[K]["kind"]];

/** What was shown into a panel, checked and copied. */
export interface ShownPanel {
  plugin: string;
  /** Name of the panel, as declared. */
  name: string;
  panel: Panel;
  data: PanelData[PanelKind];
}
