/** Gathers numbers from all workers, so that every worker can make the same decision. */
import { META_OPTIMIZER_OFF } from "../binding/context.ts";
import { DType } from "../binding/dtypes.ts";
import { writeGraphDef } from "./graph_def.ts";
import { createGraphFunction, type GraphFunction } from "./graph_function.ts";
import type { CompileContext } from "./compiled_function.ts";
import { orLost } from "./or_lost.ts";
import { lowerJoins } from "./lower_joins.ts";
import { Joins } from "./shard_plan.ts";

/** @returns see `Backend.gather()` */
export function createGather(
  { kernels, inTurn, lost }: Pick<CompileContext, "kernels" | "inTurn" | "lost">,
  workers: number,
): (values: Int32Array) => Promise<Int32Array[]> {
  const { binding } = kernels, functions = new Map<number, GraphFunction>(); // by length
  const functionOf = (length: number): GraphFunction => {
    const known = functions.get(length);
    if (known) return known;
    const type = (rows: number) => ({ dtype: DType.INT32, shape: [rows, length] });
    const source = { kind: "input" as const, index: 0 };
    const join = { name: "rows", op: Joins.rows, inputs: ["in0:0"], attributes: [] };
    const plan = lowerJoins({
      inputs: [{ name: "in0", source, ...type(1) }],
      constants: [],
      nodes: [{ ...join, outputs: [type(workers)] }],
      outputs: ["rows:0"],
    }, workers);
    const made = createGraphFunction(binding, {
      name: `gather_${length}`,
      graphDef: writeGraphDef(plan),
      inputs: ["in0"],
      outputs: plan.outputs,
      config: Uint8Array.from(META_OPTIMIZER_OFF),
      explain: (message) => message,
    });
    functions.set(length, made);
    return made;
  };
  const gather = (values: Int32Array) =>
    inTurn(async () => {
      const { length } = values;
      const id = binding.createTensor([1, length], DType.INT32, values);
      const [rows] = await functionOf(length).call([id]).finally(() => binding.deleteTensor(id));
      try {
        const all = binding.tensorDataSync(rows!.id) as unknown as Int32Array; // by its dtype
        return Array.from(
          { length: workers },
          (_, rank) => all.slice(rank * length, (rank + 1) * length),
        );
      } finally {
        binding.deleteTensor(rows!.id);
      }
    });
  return (values) => orLost(gather(values), lost);
}
