import assert from "node:assert/strict";
import fc from "fast-check";
import { nodesOf, slurmPlace } from "./slurm_place.ts";

Deno.test("nodesOf() reads Slurm's lists, with the zeros that names have", () => {
  assert.deepEqual(nodesOf("node[01-03,7]"), ["node01", "node02", "node03", "node7"]);
  assert.deepEqual(nodesOf("login,gpu[9-11]-ib,a1"), [
    ...["login", "gpu9-ib", "gpu10-ib", "gpu11-ib", "a1"],
  ]);
  assert.deepEqual(nodesOf("r[1-2]n[08-09]"), ["r1n08", "r1n09", "r2n08", "r2n09"]);
  for (const list of ["", "node[", "node[1-", "node[3-1]", "node[a]", "a,,b", "n[0-9999999]"]) {
    assert.throws(
      () => nodesOf(list),
      /expected a list of nodes such as node\[01-04,7\], received/,
    );
  }
  fc.assert(fc.property(fc.uniqueArray(fc.nat(300), { minLength: 1 }), (numbers) => {
    assert.deepEqual(nodesOf(`n[${numbers.join()}]`), numbers.map((number) => `n${number}`));
  }));
});

Deno.test("slurmPlace() counts tasks in blocks of nodes, at consecutive ports", () => {
  const env = {
    SLURM_JOB_NODELIST: "node[01-03]",
    SLURM_NTASKS: "5",
    SLURM_TASKS_PER_NODE: "2(x2),1",
    SLURM_PROCID: "3",
  };
  const addresses = ["node01:4701", "node01:4702", "node02:4701", "node02:4702", "node03:4701"];
  assert.deepEqual(slurmPlace(env, 4701), { addresses, rank: 3 });
  const even = { ...env, SLURM_NTASKS: "3", SLURM_TASKS_PER_NODE: undefined, SLURM_PROCID: "0" };
  assert.deepEqual(slurmPlace(even, 80)?.addresses, ["node01:80", "node02:80", "node03:80"]);
  // a step that takes a part of the job
  const step = { SLURM_STEP_NODELIST: "node02", SLURM_STEP_NUM_TASKS: "2" };
  const part = { ...env, ...step, SLURM_STEP_TASKS_PER_NODE: "2", SLURM_PROCID: "1" };
  assert.deepEqual(slurmPlace(part, 4701), { addresses: ["node02:4701", "node02:4702"], rank: 1 });
});

Deno.test("slurmPlace() is nothing for one task, and refuses what doesn't fit", () => {
  const env = { SLURM_JOB_NODELIST: "node[1-2]", SLURM_NTASKS: "2", SLURM_PROCID: "0" };
  assert.equal(slurmPlace({}, 4701), undefined);
  assert.equal(slurmPlace({ ...env, SLURM_NTASKS: "1" }, 4701), undefined);
  assert.equal(slurmPlace({ ...env, SLURM_STEP_NUM_TASKS: "1" }, 4701), undefined);
  assert.throws(() => slurmPlace({ ...env, SLURM_NTASKS: "3" }, 4701), /nodes that hold 3 tasks/);
  assert.throws(
    () => slurmPlace({ ...env, SLURM_PROCID: "2" }, 4701),
    /and rank 2\. Give --cluster/,
  );
  assert.throws(() => slurmPlace({ ...env, SLURM_DISTRIBUTION: "cyclic" }, 1), /tasks in blocks/);
  assert.throws(() => slurmPlace({ ...env, SLURM_TASKS_PER_NODE: "x" }, 1), /such as 2\(x3\),1/);
});
