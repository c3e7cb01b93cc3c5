import assert from "node:assert/strict";
import { clusterPlace } from "./cluster_place.ts";

const cluster = "node1:4701,[::1]:4702", addresses = cluster.split(",");

Deno.test("clusterPlace() takes the rank from the flag, Slurm or Kubernetes, in this order", () => {
  const slurm = { SLURM_PROCID: "1", JOB_COMPLETION_INDEX: "0" };
  assert.deepEqual(clusterPlace({ cluster, rank: 0 }, slurm), { addresses, rank: 0 });
  assert.deepEqual(clusterPlace({ cluster }, slurm), { addresses, rank: 1 });
  assert.deepEqual(clusterPlace({ cluster }, { JOB_COMPLETION_INDEX: "0" }), {
    addresses,
    rank: 0,
  });
});

Deno.test("clusterPlace() reads TF_CONFIG where there is no --cluster; one worker is none", () => {
  const env = (worker: string[], type = "worker", index: unknown = 0) => ({
    TF_CONFIG: JSON.stringify({ cluster: { worker }, task: { type, index } }),
  });
  assert.deepEqual(clusterPlace({}, env(addresses)), { addresses, rank: 0 });
  assert.equal(clusterPlace({}, env(["node1:4701"])), undefined);
  assert.equal(clusterPlace({}, {}), undefined);
  const slurm = { SLURM_JOB_NODELIST: "n[1-2]", SLURM_NTASKS: "2", SLURM_PROCID: "1" };
  const place = { addresses: ["n1:80", "n2:80"], rank: 1 };
  assert.deepEqual(clusterPlace({ clusterPort: 80 }, slurm), place);
  assert.deepEqual(clusterPlace({}, { ...slurm, ...env(addresses) }), { addresses, rank: 0 });
  assert.throws(() => clusterPlace({}, env(addresses, "ps")), /expected TF_CONFIG as/);
  assert.deepEqual(clusterPlace({}, env(addresses, "worker", "1")), { addresses, rank: 1 });
  for (const index of [null, "", [], 0.5]) {
    assert.throws(() => clusterPlace({}, env(addresses, "worker", index)), /expected TF_CONFIG as/);
  }
  assert.throws(() => clusterPlace({}, { TF_CONFIG: "{" }), /expected TF_CONFIG as .*received \{/);
});

Deno.test("clusterPlace() refuses what fits no place", () => {
  assert.throws(() => clusterPlace({ cluster }, {}), /expected --rank beside --cluster/);
  assert.throws(() => clusterPlace({ rank: 1 }, {}), /expected --cluster beside --rank/);
  assert.throws(() => clusterPlace({ cluster, rank: 2 }, {}), /a rank of 0 to 1, received 2/);
  assert.throws(() => clusterPlace({ cluster: "a,b:1", rank: 0 }, {}), /host:port, received "a"/);
  assert.throws(() => clusterPlace({ cluster: "a:65536,b:1", rank: 0 }, {}), /received "a:65536"/);
  assert.throws(() => clusterPlace({ cluster: "a:1,a:1", rank: 0 }, {}), /received a:1 twice/);
});
