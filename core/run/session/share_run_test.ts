import assert from "node:assert/strict";
import tiny from "../../../tests/faults/tiny_gan.ts";
import { type Backend, selectBackend } from "../../backend/mod.ts";
import { createWorkbench } from "../../testing/workbench.ts";
import { loadPlugins } from "../plugins/load_plugins.ts";
import { newSpec } from "../spec/new_spec.ts";
import { twoGathers } from "./test_gathers.ts";
import { expectSameRun } from "./share_run.ts";

const ADDRESSES = ["a:1", "b:2"];

/** How a worker differs from worker 0. */
interface Unlike {
  data?: string;
  fingerprint?: string;
  beta2?: number;
  seed?: number;
  /** Words of what it tells that are changed on their way: those of the version come first. */
  words?: readonly number[];
}

Deno.test("workers refuse one that is unlike worker 0, and name it and what differs", async () => {
  const backend = await selectBackend({ name: "cpu" }), loaded = await loadPlugins([tiny]);
  /** What both workers say where the second one is so. */
  const meet = async (unlike: Unlike) => {
    const gathers = twoGathers();
    const check = async (rank: number, { data = "d", beta2 = 0.99, seed, ...own }: Unlike) => {
      const values = { resolution: 8, sched: ["4:4", "8:4"], beta2 };
      const spec = newSpec(loaded, { values, data: {}, machine: {}, minutes: undefined }, {});
      const { fingerprint = backend.info.fingerprint, words = [] } = own;
      const worker: Backend = Object.assign(Object.create(backend), {
        place: { addresses: ADDRESSES, rank },
        info: { ...backend.info, fingerprint },
        gather: (values: Int32Array) =>
          gathers[rank]!(values.map((value, i) => words.includes(i) ? ~value : value)),
      });
      const bench = createWorkbench(tiny, { values: { ...values, seed: seed ?? 0 } });
      const training = bench.training(backend), dataset = { info: { digest: data } };
      const prepared = { spec, loaded, dataset, backend: worker };
      const said = await expectSameRun(prepared as never, training) // it reads no more
        .then(() => "", (error: Error) => error.message);
      training.dispose();
      return said;
    };
    const [first, second] = await Promise.all([check(0, {}), check(1, unlike)]);
    assert.equal(first, second, "both are told the same");
    return first;
  };
  const named = (what: string) =>
    "Cannot train together: expected all workers to have the same, received from worker 1 (b:2) " +
    `other ${what} than worker 0 has. Start all with the same data, options and version`;
  assert.equal(await meet({}), "");
  assert.equal(await meet({ data: "e" }), named("data"));
  assert.equal(await meet({ beta2: 0.9 }), named("options"));
  assert.equal(await meet({ seed: 1 }), named("weights"));
  assert.equal(await meet({ words: [0] }), named("version of Cambium"));
  assert.equal(
    await meet({ fingerprint: "another library", data: "e" }),
    named("TensorFlow, processor or threads, data"),
  );
});
