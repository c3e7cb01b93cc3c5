/** Writes TensorBoard event files of a run. */
import { join } from "node:path";
import { type EventImage, imageEvent, scalarsEvent, startEvent, versionEvent } from "./events.ts";
import { createRecordFile, type RecordFile } from "./record_file.ts";

/** Options of {@linkcode TensorBoardWriter.open}. */
export interface TensorBoardOptions {
  /** Milliseconds since 1970, for the file's name and first event. Default: now. */
  time?: number;
  /**
   * On resume: imagesSeen of the checkpoint; TensorBoard then drops later events of earlier files.
   */
  resumedAt?: number;
}

/** Suffix of the names of event files. */
const SUFFIX = ".cambium";

/** Appends events to one file of a run; a resumed run opens another. */
export class TensorBoardWriter {
  readonly #file: RecordFile;

  private constructor(file: RecordFile) {
    this.#file = file;
  }

  /**
   * Creates `<folder>/events.out.tfevents.<seconds>.cambium`. TensorBoard reads files in the order
   * of their names: where the clock was set back, or there is a file of the same second, the name
   * uses the second after that of the latest file.
   */
  static async open(folder: string, options: TensorBoardOptions = {}): Promise<TensorBoardWriter> {
    const { time = Date.now(), resumedAt } = options;
    const now = Math.floor(time / 1000), latest = await latestSeconds(folder);
    const file = await createFile(folder, Math.max(now, latest + 1), time);
    // Drops events of this step and later; those of the checkpoint's own step are kept.
    if (resumedAt !== undefined) await file.append(startEvent({ time, step: resumedAt + 1 }));
    return new TensorBoardWriter(file);
  }

  /**
   * Appends numbers.
   * @param step images seen
   * @param values by tag, e.g. "loss/generator"
   * @param time milliseconds since 1970
   */
  async scalars(
    step: number,
    values: Readonly<Record<string, number>>,
    time: number = Date.now(),
  ): Promise<void> {
    await this.#file.append(scalarsEvent({ time, step }, values));
  }

  /** Appends a picture; see {@linkcode scalars}. */
  async image(
    step: number,
    tag: string,
    picture: EventImage,
    time: number = Date.now(),
  ): Promise<void> {
    await this.#file.append(imageEvent({ time, step }, tag, picture));
  }

  /** Closes after all pending appends. */
  async close(): Promise<void> {
    await this.#file.close();
  }
}

async function createFile(folder: string, from: number, time: number): Promise<RecordFile> {
  for (let seconds = from;; seconds++) {
    const name = `events.out.tfevents.${String(seconds).padStart(10, "0")}${SUFFIX}`;
    try {
      const file = await createRecordFile(join(folder, name));
      await file.append(versionEvent(time));
      return file;
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
  }
}

/** The largest time among the names of a folder's event files; 0 where there is none. */
async function latestSeconds(folder: string): Promise<number> {
  let latest = 0;
  for await (const { name } of Deno.readDir(folder)) {
    const match = /^events\.out\.tfevents\.(\d+)\./.exec(name);
    if (match) latest = Math.max(latest, Number(match[1]));
  }
  return latest;
}
