/// <reference lib="dom" />
/** Projects a picture from the user's disk into w, so that it can be used like a seed. */
import { DropField } from "./drop_field.tsx";
import { useState } from "preact/hooks";
import { pictureName } from "../explore/picture_name.ts";
import { projectPicture } from "../explore/project_line.ts";
import { reducePicture } from "./explore_image.tsx";

/** Takes a picture, has it projected, and shows the progress. */
export function ProjectDrop(
  { run, imagesSeen, onProjected }: {
    run: string;
    imagesSeen: number;
    /** Called with the picture's name. */
    onProjected: (name: string) => void;
  },
) {
  const [name, setName] = useState("");
  const [refused, setRefused] = useState<File | null>(null);
  const [tune, setTune] = useState(false);
  const [progress, setProgress] = useState<{ what: string; fraction: number } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const isBusy = progress !== null;
  const project = async (file: File | undefined) => {
    if (!file || isBusy) return;
    setProblem(null);
    setRefused(null);
    setProgress({ what: "Sending", fraction: 0 });
    try {
      const url = await reducePicture(file, null).catch(() => {
        throw new Error(`“${file.name}” could not be read as an image.`);
      });
      const picture = url.slice(url.indexOf(",") + 1);
      const request = { name: name.trim() || pictureName(file.name), picture, tune };
      const found = await projectPicture(
        { run, imagesSeen },
        request,
        (what, fraction) => setProgress({ what, fraction }),
      );
      setName("");
      onProjected(found);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      setRefused(file);
    }
    setProgress(null);
  };
  return (
    <>
      <DropField
        label="Drop a picture of your own"
        hint="or choose one; the run learns to draw it"
        isBusy={isBusy}
        onFile={(file) => void project(file)}
      />
      <label class="field">
        Name of the dropped picture
        <input
          class="input"
          value={name}
          disabled={isBusy}
          maxLength={64}
          placeholder="the file's name"
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={tune}
          disabled={isBusy}
          onChange={(event) => setTune(event.currentTarget.checked)}
        />
        also tune the generator: closer, but slower
      </label>
      {progress && (
        <label class="field small" data-testid="projecting">
          {progress.what}…
          <progress value={progress.fraction} max={1} />
        </label>
      )}
      {problem && <p class="notice error" role="alert">{problem}</p>}
      {refused && (
        <button type="button" class="button" onClick={() => void project(refused)}>
          Try again
        </button>
      )}
    </>
  );
}
