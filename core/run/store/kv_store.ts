/**
 * Run state in Deno KV: an index that many processes read while one trains. The run folder remains
 * the source of truth.
 */
import type {
  CheckpointEntry,
  LogLine,
  PanelEntry,
  RunDetails,
  RunHead,
  RunStore,
  SampleEntry,
  SeriesColumns,
  SeriesPoint,
} from "./types.ts";
import { KvAccess } from "./kv_access.ts";
import { joinJson, keys, splitJson } from "./kv_keys.ts";
import { KvLog } from "./kv_log.ts";
import { KvSeries } from "./kv_series.ts";
import { KvWatch } from "./kv_watch.ts";
import { emptied, knownRun, trimHead, unknownRun } from "./limits.ts";
import { readHead, type StoredHead } from "./read_head.ts";
import { readCommands, type StoredCommands } from "./run_commands.ts";

/** Settings of a {@linkcode KvRunStore}. */
export interface KvRunStoreOptions {
  /** Path or URL of the store, for errors. */
  place: string;
  /** Time limit of each call, milliseconds. Default 10,000. */
  deadline?: number;
  /** Interval of polling for changes by other processes, milliseconds. Default 250. */
  pollInterval?: number;
}

type StoredDetails = Omit<RunDetails, "commands"> & { commands?: StoredCommands };

/**
 * A {@linkcode RunStore} on an open Deno KV handle, which it closes. Created by {@linkcode
 * openRunStore}.
 */
export class KvRunStore implements RunStore {
  readonly #access: KvAccess;
  readonly #kv: Deno.Kv;
  readonly #series: KvSeries;
  readonly #log: KvLog;
  readonly #watch: KvWatch;
  #closed = false;

  constructor(kv: Deno.Kv, { place, deadline = 10_000, pollInterval = 250 }: KvRunStoreOptions) {
    this.#kv = kv;
    this.#access = new KvAccess(kv, place, deadline);
    this.#series = new KvSeries(this.#access);
    this.#log = new KvLog(this.#access);
    this.#watch = new KvWatch(kv, pollInterval);
  }

  create(head: RunHead, details: RunDetails): Promise<void> {
    const id = head.id;
    const parts = splitJson(details);
    return this.#access.write("create a run", async () => {
      if ((await this.#kv.get(keys.head(id))).versionstamp) throw knownRun(id);
      for (const [i, part] of parts.entries()) await this.#kv.set(keys.detailsPart(id, i), part);
      const operation = this.#kv.atomic()
        .check({ key: keys.head(id), versionstamp: null })
        .set(keys.head(id), trimHead(head))
        .set(keys.index(id), true)
        .set(keys.details(id), { from: 0, count: parts.length })
        .set(keys.revision, true)
        .set(keys.runRevision(id), true);
      this.#series.create(operation, id);
      this.#log.create(operation, id);
      await this.#access.commit(operation);
    });
  }

  update(id: string, change: Partial<Omit<RunHead, "schema" | "id">>): Promise<void> {
    return this.#access.write("update a run", async () => {
      const head = await this.#expectHead("update a run", id);
      const operation = this.#kv.atomic()
        .check(head)
        .set(keys.head(id), { ...readHead(head.value), ...trimHead(change) })
        .set(keys.revision, true)
        .set(keys.runRevision(id), true);
      await this.#access.commit(operation);
    });
  }

  describe(id: string, details: RunDetails): Promise<void> {
    const parts = splitJson(details);
    return this.#access.write("describe a run", async () => {
      const head = await this.#expectHead("describe a run", id);
      const { from, count } = await this.#detailsRange(id) ?? { from: 0, count: 0 };
      const next = from + count; // readers see the old parts until all new ones are written
      for (const [i, part] of parts.entries()) {
        await this.#kv.set(keys.detailsPart(id, next + i), part);
      }
      const operation = this.#kv.atomic()
        .check(head)
        .set(keys.details(id), { from: next, count: parts.length })
        .set(keys.revision, true)
        .set(keys.runRevision(id), true);
      for (let i = from; i < next; i++) operation.delete(keys.detailsPart(id, i));
      await this.#access.commit(operation);
    });
  }

  async #detailsRange(id: string): Promise<{ from: number; count: number } | null> {
    const { value } = await this.#kv.get<number | { from: number; count: number }>(
      keys.details(id),
    );
    // earlier versions stored a number
    return typeof value === "number" ? { from: 0, count: value } : value;
  }

  head(id: string): Promise<RunHead | null> {
    return this.#access.read("read a run", async () => {
      const { value } = await this.#kv.get<StoredHead>(keys.head(id));
      return value && readHead(value);
    });
  }

  details(id: string): Promise<RunDetails | null> {
    return this.#access.read("read a run's details", async () => {
      // retried once: another process may have replaced them in between
      for (let attempt = 0; attempt < 2; attempt++) {
        const range = await this.#detailsRange(id);
        if (!range) return null;
        const parts = (await this.#access.entries<Uint8Array>({ prefix: keys.details(id) }))
          .filter(({ key }) => Number(key[3]) >= range.from)
          .slice(0, range.count);
        if (parts.length < range.count) continue;
        const stored = joinJson<StoredDetails>(parts.map((p) => p.value));
        return { ...stored, commands: readCommands(id, stored.commands) };
      }
      return null; // it is being deleted
    });
  }

  list(): Promise<RunHead[]> {
    return this.#access.read("list runs", async () => {
      const index = await this.#access.entries({ prefix: ["index"] });
      const heads: RunHead[] = [];
      for (let i = 0; i < index.length; i += 10) { // getMany() takes at most 10 keys
        const group = index.slice(i, i + 10).map(({ key }) => keys.head(String(key[1])));
        for (const { value } of await this.#kv.getMany<StoredHead[]>(group)) {
          if (value) heads.push(readHead(value));
        }
      }
      return heads;
    });
  }

  ids(): Promise<string[]> {
    return this.#access.read("list runs", async () => {
      return (await this.#access.entries({ prefix: ["index"] })).map(({ key }) => String(key[1]));
    });
  }

  appendSeries(id: string, points: readonly SeriesPoint[]): Promise<void> {
    return this.#series.append(id, points);
  }

  readSeries(id: string, options: { after?: string } = {}): Promise<SeriesColumns> {
    return this.#series.read(id, options.after);
  }

  addSample(id: string, entry: SampleEntry): Promise<void> {
    const key = keys.sample(id, entry.imagesSeen, entry.path);
    return this.#change("add a sample", id, (operation) => operation.set(key, entry));
  }

  removeSamples(id: string, paths: readonly string[]): Promise<void> {
    const gone = new Set(paths);
    return this.#access.write("remove samples", async () => {
      await this.#expectHead("remove samples", id);
      const samples = await this.#access.entries<SampleEntry>({ prefix: keys.samples(id) });
      const old = samples.filter(({ value }) => gone.has(value.path));
      await this.#access.deleteAll(old.map(({ key }) => key));
      await this.#kv.set(keys.runRevision(id), true);
    });
  }

  samples(id: string): Promise<SampleEntry[]> {
    return this.#values<SampleEntry>("list samples", keys.samples(id));
  }

  addCheckpoint(id: string, entry: CheckpointEntry): Promise<void> {
    const key = keys.checkpoint(id, entry.imagesSeen);
    return this.#change("add a checkpoint", id, (operation) => operation.set(key, entry));
  }

  removeCheckpoint(id: string, imagesSeen: number): Promise<void> {
    const key = keys.checkpoint(id, imagesSeen);
    return this.#change("remove a checkpoint", id, (operation) => operation.delete(key));
  }

  checkpoints(id: string): Promise<CheckpointEntry[]> {
    return this.#values<CheckpointEntry>("list checkpoints", keys.checkpoints(id));
  }

  setPanel(id: string, entry: PanelEntry): Promise<void> {
    const key = keys.panel(id, entry.plugin, entry.name);
    return this.#change("set a panel", id, (operation) => operation.set(key, entry));
  }

  panels(id: string): Promise<PanelEntry[]> {
    return this.#values<PanelEntry>("list panels", keys.panels(id));
  }

  appendLog(id: string, lines: readonly LogLine[]): Promise<void> {
    return this.#log.append(id, lines);
  }

  readLog(
    id: string,
    options: { after?: number; limit?: number } = {},
  ): Promise<{ lines: LogLine[]; next: number }> {
    return this.#log.read(id, options);
  }

  async rewind(id: string, imagesSeen: number): Promise<void> {
    await this.#series.rewind(id, imagesSeen);
    await this.#log.rewind(id, imagesSeen);
    await this.#access.write("rewind a run", async () => {
      const samples = await this.#access.entries<SampleEntry>({ prefix: keys.samples(id) });
      const beyond = samples.filter(({ value }) => value.imagesSeen > imagesSeen);
      await this.#access.deleteAll(beyond.map(({ key }) => key));
      for (
        const { key, value } of await this.#access.entries<PanelEntry>({ prefix: keys.panels(id) })
      ) {
        if (value.imagesSeen > imagesSeen) await this.#kv.set(key, emptied(value));
      }
      await this.#kv.set(keys.runRevision(id), true);
    });
  }

  requestStop(id: string): Promise<void> {
    const key = keys.stop(id);
    return this.#change("request a stop", id, (operation) => operation.set(key, Date.now()));
  }

  stopRequested(id: string): Promise<boolean> {
    return this.#access.read("read a stop request", async () => {
      return (await this.#kv.get(keys.stop(id))).versionstamp !== null;
    });
  }

  clearStop(id: string): Promise<void> {
    return this.#access.write("clear a stop request", () => this.#kv.delete(keys.stop(id)));
  }

  delete(id: string): Promise<void> {
    return this.#access.write("delete a run", async () => {
      const parts = async () =>
        (await this.#access.entries({ prefix: keys.head(id) })).map(({ key }) => key);
      // deleted along with the head, to wake its watchers then
      const revision = keys.runRevision(id);
      // The head is deleted last: after an interruption, the run is still listed and can be deleted
      // again.
      await this.#access.deleteAll((await parts()).filter((key) => key[2] !== revision[2]));
      await this.#kv.atomic().delete(keys.head(id)).delete(keys.index(id)).delete(keys.stop(id))
        .delete(revision).set(keys.revision, true).commit();
      await this.#access.deleteAll(await parts()); // what another process has added in the meantime
    });
  }

  watch(id: string | undefined, signal: AbortSignal): AsyncIterable<void> {
    return this.#watch.watch(id, signal);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#watch.close();
    this.#kv.close();
  }

  async #expectHead(action: string, id: string): Promise<Deno.KvEntry<StoredHead>> {
    const head = await this.#kv.get<StoredHead>(keys.head(id));
    if (head.versionstamp === null) throw unknownRun(action, id);
    return head;
  }

  #change(
    action: string,
    id: string,
    change: (operation: Deno.AtomicOperation) => Deno.AtomicOperation,
  ): Promise<void> {
    return this.#access.write(action, async () => {
      await this.#expectHead(action, id);
      await this.#access.commit(change(this.#kv.atomic()).set(keys.runRevision(id), true));
    });
  }

  #values<T>(action: string, prefix: Deno.KvKey): Promise<T[]> {
    return this.#access.read(action, async () => {
      return (await this.#access.entries<T>({ prefix })).map(({ value }) => value);
    });
  }
}
