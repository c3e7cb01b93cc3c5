import assert from "node:assert/strict";
import { availableMemory } from "./memory.ts";

/** Files of a system, by their paths. */
const system = (files: Record<string, string>) => (path: string) => files[path] ?? null;

Deno.test("availableMemory() is the system's where no control group has a limit", () => {
  assert.equal(availableMemory(1000, system({})), 1000);
  const files = {
    "/proc/self/cgroup": "0::/user\n",
    "/sys/fs/cgroup/user/memory.max": "max\n",
    "/sys/fs/cgroup/user/memory.current": "900\n",
  };
  assert.equal(availableMemory(1000, system(files)), 1000);
});

Deno.test("availableMemory() is what the tightest group around the process has left", () => {
  const files = {
    "/proc/self/cgroup": "0::/outer/inner\n",
    "/sys/fs/cgroup/outer/inner/memory.max": "max\n",
    "/sys/fs/cgroup/outer/memory.max": "700\n",
    "/sys/fs/cgroup/outer/memory.current": "400\n",
    "/sys/fs/cgroup/outer/memory.stat": "anon 300\nfile 100\ninactive_file 50\n",
    "/sys/fs/cgroup/memory.max": "900\n",
    "/sys/fs/cgroup/memory.current": "500\n",
  };
  assert.equal(availableMemory(1000, system(files)), 350);
  assert.equal(availableMemory(200, system(files)), 200);
});

Deno.test("availableMemory() reads version 1's memory controller, and nothing is less than 0", () => {
  const files = {
    "/proc/self/cgroup": "9:name=systemd:/\n4:cpu,memory:/box\n0::/\n",
    "/sys/fs/cgroup/memory/box/memory.limit_in_bytes": "500\n",
    "/sys/fs/cgroup/memory/box/memory.usage_in_bytes": "620\n",
    "/sys/fs/cgroup/memory/box/memory.stat": "total_inactive_file 20\n",
  };
  assert.equal(availableMemory(1000, system(files)), 0);
});

Deno.test("availableMemory() of this machine is some, and not more than the system has", () => {
  const bytes = availableMemory();
  assert.ok(bytes > 0 && bytes <= Deno.systemMemoryInfo().total, `${bytes}`);
});
