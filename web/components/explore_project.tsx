/// <reference lib="dom" />
/** A picture from the person's disk, to be found in w: from then on as good as a seed. */
import { DropField } from "./drop_field.tsx";
import { useState } from "preact/hooks";
import { pictureName } from "../explore/picture_name.ts";
import { projectPicture } from "../explore/project_line.ts";
import { reducePicture } from "./explore_image.tsx";

/** Takes a picture, has it projected and tells how far that is. */
export function ProjectDrop(
  { run, imagesSeen, onProjected }: {
    run: string;
    imagesSeen: number;
    /** Told its name. */
    onProjected: (name: string) => void;
  },
) {
  const [tune, setTune] = useState(false);
  const [progress, setProgress] = useState<{ what: string; fraction: number } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const isBusy = progress !== null;
  const project = async (file: File | undefined) => {
    if (!file || isBusy) return;
    setProblem(null);
    setProgress({ what: "Sending", fraction: 0 });
    try {
      const url = await reducePicture(file, null).catch(() => {
        throw new Error(`“${file.name}” could not be read as an image.`);
      });
      const picture = url.slice(url.indexOf(",") + 1);
      const wish = { name: pictureName(file.name), picture, tune };
      const name = await projectPicture(
        { run, imagesSeen },
        wish,
        (what, fraction) => setProgress({ what, fraction }),
      );
      onProjected(name);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
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
      <label class="check">
        <input
          type="checkbox"
          checked={tune}
          disabled={isBusy}
          onChange={(event) => setTune(event.currentTarget.checked)}
        />
        tune the generator around it: nearer, and slower
      </label>
      {progress && (
        <label class="field small" data-testid="projecting">
          {progress.what}…
          <progress value={progress.fraction} max={1} />
        </label>
      )}
      {problem && <p class="notice error" role="alert">{problem}</p>}
    </>
  );
}
