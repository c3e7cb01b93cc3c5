/** A choice of a few options, as joined buttons. */
import type { ComponentChildren } from "preact";

interface Props<K extends string> {
  label: string;
  options: Partial<Record<K, ComponentChildren>>;
  value: K;
  onChange: (value: K) => void;
}

/** Buttons of which exactly one is pressed. */
export function Segments<K extends string>({ label, options, value, onChange }: Props<K>) {
  return (
    <div class="segments" role="group" aria-label={label}>
      {(Object.keys(options) as K[]).map((key) => ( // its own keys
        <button key={key} type="button" aria-pressed={key === value} onClick={() => onChange(key)}>
          {options[key]}
        </button>
      ))}
    </div>
  );
}
