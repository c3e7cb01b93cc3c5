/// <reference lib="dom" />
/** Saves the current slider settings as a direction with a name. */
import { useState } from "preact/hooks";
import type { KeepRequest } from "../../core/explore/protocol.ts";
import { addressOf } from "../lib/address.ts";
import { post } from "../live/change.ts";

/** A form with the name and a button. */
export function KeepDirection(
  { model, moved, onKept }: {
    model: { run: string; imagesSeen: number };
    /** The slider settings. */
    moved: Omit<KeepRequest, "name">;
    /** Called with the direction's name. */
    onKept: (name: string) => void;
  },
) {
  const [name, setName] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const keep = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const request = { name, ...moved };
      await post(addressOf("/api/explore/keep"), { ...model, request });
      setName("");
      onKept(name);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
    setBusy(false);
  };
  return (
    <form
      class="controls"
      onSubmit={(event) => {
        event.preventDefault();
        void keep();
      }}
    >
      <label class="field">
        Save as a direction named
        <input
          class="input"
          value={name}
          required
          maxLength={64}
          pattern="\p{L}[\p{L}\p{M}\p{N}_\-]*"
          title="A letter, then letters, digits, - or _"
          placeholder="smile"
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <button
        type="submit"
        class="button"
        disabled={isBusy || Object.keys(moved.amounts).length === 0}
      >
        Save
      </button>
      {problem && <p class="notice error" role="alert">{problem}</p>}
    </form>
  );
}
