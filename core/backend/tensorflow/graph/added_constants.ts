/** Constants that a graph rewrite adds; equal values share one constant. */
import { DType } from "../binding/dtypes.ts";
import type { PlannedConstant } from "./graph_plan.ts";

/** Adds constants to a plan and returns their endpoint names. */
export class AddedConstants {
  /** The plan's own constants and the added ones. */
  readonly all: PlannedConstant[];
  #prefix: string;
  #names = new Map<string, string>();

  /** @param prefix of the new names; no planned constant's name may begin with it */
  constructor(planned: readonly PlannedConstant[], prefix: string) {
    this.all = [...planned];
    this.#prefix = prefix;
  }

  /** int32 [values.length] */
  integers(values: readonly number[]): string {
    return this.#add(DType.INT32, [values.length], Int32Array.from(values));
  }

  /** int32 [] */
  integer(value: number): string {
    return this.#add(DType.INT32, [], Int32Array.of(value));
  }

  /** float32 [] */
  number(value: number): string {
    return this.#add(DType.FLOAT, [], Float32Array.of(value));
  }

  #add(dtype: number, shape: readonly number[], values: Int32Array | Float32Array): string {
    const key = `${dtype} [${shape.join()}] ${values.join()}`;
    let name = this.#names.get(key);
    if (name === undefined) {
      name = `${this.#prefix}${this.#names.size}`;
      const bytes = new Uint8Array(values.slice().buffer);
      this.all.push({ name, dtype, shape, bytes, uniform: false });
      this.#names.set(key, name);
    }
    return `${name}:0`;
  }
}
