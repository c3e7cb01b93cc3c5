/** The files of a cache that are in use, each opened once. */
import { pixelPath } from "../cache/index_file.ts";
import { PixelFile } from "./pixel_file.ts";

/** Hands out the file of a resolution and closes it after its last user. */
export class PixelFiles {
  #folder: string;
  #channels: number;
  #open = new Map<number, { file: PixelFile; users: number }>();

  constructor(folder: string, channels: number) {
    [this.#folder, this.#channels] = [folder, channels];
  }

  /** Opens a resolution, or shares it. */
  acquire(resolution: number): PixelFile {
    let used = this.#open.get(resolution);
    if (!used) {
      const rowBytes = resolution * resolution * this.#channels;
      used = { file: new PixelFile(pixelPath(this.#folder, resolution), rowBytes), users: 0 };
      this.#open.set(resolution, used);
    }
    used.users++;
    return used.file;
  }

  /** Ends one use. */
  release(resolution: number): void {
    const used = this.#open.get(resolution);
    if (!used || --used.users > 0) return;
    used.file.close();
    this.#open.delete(resolution);
  }

  close(): void {
    for (const { file } of this.#open.values()) file.close();
    this.#open.clear();
  }
}
