/// <reference lib="dom" />
/** A run's configuration, alone or compared with another. */
import { useEffect, useState } from "preact/hooks";
import type { RunDetails } from "../../core/run/store/types.ts";
import { compareConfigs } from "../lib/config_diff.ts";
import { reach } from "../live/reach.ts";
import { Section } from "./section.tsx";
import { addressOf } from "../lib/address.ts";

interface Props {
  details: RunDetails;
  others: readonly string[];
}

/** Marks the run's preset among ids, which never contain a space. */
const PRESET = "the preset";

export function Settings({ details, others }: Props) {
  const { backend, dataset, version, preset } = details;
  const [other, setOther] = useState("");
  const [onlyDifferent, setOnlyDifferent] = useState(true);
  const [theirs, setTheirs] = useState<Pick<RunDetails, "config"> | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    setTheirs(null);
    setProblem(null);
    if (other === "") return;
    if (other === PRESET) return setTheirs(preset ?? null);
    reach(addressOf(`/api/runs/${other}/details`)).then(async (response) =>
      setTheirs(await response.json())
    )
      .catch((error) => setProblem(String(error.message)));
  }, [other]);

  const rows = compareConfigs(theirs ? [details.config, theirs.config] : [details.config]);
  const shown = theirs && onlyDifferent ? rows.filter((row) => row.differs) : rows;
  const otherName = other === PRESET ? `Preset ${preset?.name}` : other;
  return (
    <Section
      id="settings"
      title="Configuration"
      note={
        <>
          {backend.library}, {backend.precision}, {backend.threads}{" "}
          {backend.threads === 1 ? "thread" : "threads"}. {dataset.count} {dataset.kind} from{" "}
          {dataset.name}
          {dataset.skippedCount > 0 && `, files skipped: ${dataset.skippedCount}`}. Cambium{" "}
          {version}.
        </>
      }
    >
      <div class="row settings-bar">
        <label class="row small">
          Compare with
          <select
            class="select"
            value={other}
            onChange={(event) => setOther(event.currentTarget.value)}
          >
            <option value="">nothing</option>
            {preset && <option value={PRESET}>preset {preset.name}</option>}
            {others.map((id) => <option key={id} value={id}>{id}</option>)}
          </select>
        </label>
        {theirs && (
          <label class="check small">
            <input
              type="checkbox"
              checked={onlyDifferent}
              onChange={(event) => setOnlyDifferent(event.currentTarget.checked)}
            />
            Only what differs
          </label>
        )}
      </div>
      {problem && <p class="notice error" role="alert">{problem}</p>}
      {theirs && shown.length === 0 && <p class="muted">Both are configured alike.</p>}
      <div class="scroll tall" tabIndex={0} role="region" aria-label="All settings">
        <SettingsTable rows={shown} heads={theirs ? ["This run", otherName] : []} />
      </div>
    </Section>
  );
}

/** The settings of one or more runs; differing ones stand out. */
export function SettingsTable(
  { rows, heads }: { rows: ReturnType<typeof compareConfigs>; heads: readonly string[] },
) {
  const isMixed = rows.some((row) => !row.differs); // if all differ, none stands out
  return (
    <table class="settings">
      {heads.length > 0 && (
        <thead>
          <tr>
            <th scope="col">Setting</th>
            {heads.map((head) => <th key={head} scope="col">{head}</th>)}
          </tr>
        </thead>
      )}
      <tbody>
        {rows.map(({ key, values, differs }) => (
          <tr key={key} class={differs && isMixed ? "differs" : undefined}>
            <th scope="row">
              <code>{key}</code>
            </th>
            {values.map((value, i) => (
              <td key={i}>
                {value === null ? <span class="muted">not set</span> : <code>{value}</code>}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
