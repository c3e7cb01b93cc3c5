/** Decodes pictures in worker threads, besides the training thread. */
import type { SquareOptions } from "../../../core/images/mod.ts";

/** Pictures for one thread. */
export interface DecodeRequest {
  id: number;
  /** Encoded files. */
  pictures: Uint8Array[];
  resolution: number; // px a side
  options: SquareOptions;
  /** Pictures whose shorter side is smaller are skipped, px. */
  smallest: number;
}

/** For each picture uint8 [resolution, resolution, channels], or the reason why it is skipped. */
export type DecodeAnswer =
  | { id: number; results: (Uint8Array<ArrayBuffer> | string)[] }
  | { id: number; error: string };

/** How pictures are decoded. */
export type DecodeHow = Omit<DecodeRequest, "id" | "pictures">;

type Results = (Uint8Array | string)[];

/**
 * Decoders use further threads of their own; half of the processors are left for the training step.
 */
const threadCount = () => Math.min(4, Math.max(1, Math.floor(navigator.hardwareConcurrency / 4)));

/** Workers that are started with the first batch. */
export class DecodePool {
  #workers: Worker[] = [];
  #waiting = new Map<number, { resolve(results: Results): void; reject(error: Error): void }>();
  #ids = 0;
  #isClosed = false;

  /**
   * Decodes a batch; its bytes may be shared with other batches.
   * @returns results in the order of `pictures`
   */
  async decode(pictures: readonly Uint8Array[], how: DecodeHow): Promise<Results> {
    if (this.#isClosed) throw closed();
    while (this.#workers.length < threadCount()) this.#workers.push(this.#start());
    const most = Math.ceil(pictures.length / this.#workers.length);
    const parts = this.#workers.map((worker, i) =>
      this.#ask(worker, pictures.slice(i * most, (i + 1) * most), how)
    );
    return (await Promise.all(parts)).flat();
  }

  close(): void {
    this.#isClosed = true;
    for (const worker of this.#workers) worker.terminate();
    this.#workers = [];
    for (const { reject } of this.#waiting.values()) reject(closed());
    this.#waiting.clear();
  }

  #start(): Worker {
    const worker = new Worker(new URL("./decode_worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<DecodeAnswer>) => {
      const asked = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if ("results" in data) asked?.resolve(data.results);
      else asked?.reject(new Error(`Cannot decode pictures: ${data.error}`));
    };
    worker.onerror = (event) => {
      event.preventDefault();
      // It no longer answers: the next batch starts another worker in its place.
      this.#workers = this.#workers.filter((other) => other !== worker);
      const error = new Error(`Cannot decode pictures: a decoding thread failed: ${event.message}`);
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
    };
    return worker;
  }

  #ask(worker: Worker, pictures: readonly Uint8Array[], how: DecodeHow): Promise<Results> {
    if (pictures.length === 0) return Promise.resolve([]);
    // copied, because buffers are transferred
    const id = this.#ids++, own = pictures.map((bytes) => new Uint8Array(bytes));
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      const request: DecodeRequest = { id, pictures: own, ...how };
      worker.postMessage(request, own.map(({ buffer }) => buffer));
    });
  }
}

function closed(): Error {
  return new Error("Cannot read the data: expected an open data set, received a closed one");
}
