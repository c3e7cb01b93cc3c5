/** A run's status as a pill. Dots differ in shape as well as in colour. */
import { type ShownStatus, statusLabels } from "../lib/status.ts";

export function StatusBadge({ status }: { status: ShownStatus }) {
  return <span class={`badge ${status}`}>{statusLabels[status]}</span>;
}
