/** Maps the tensor ids that tfjs uses to TensorFlow's tensor handles. Ids are never reused. */
import type { TensorMetadata } from "tfjs-node/tfjs_binding.d.ts";
import { notNull, type Status } from "./status.ts";
import type { TensorFlowSymbols } from "./symbols.ts";

/** The tensor handles in use. */
export class HandleTable {
  #symbols: TensorFlowSymbols;
  #status: Status;
  #handles = new Map<number, Deno.PointerObject>();
  #next = 1;

  constructor(symbols: TensorFlowSymbols, status: Status) {
    this.#symbols = symbols;
    this.#status = status;
  }

  get size(): number {
    return this.#handles.size;
  }

  /** Takes ownership of a handle and returns its id. */
  add(handle: Deno.PointerObject): number {
    this.#handles.set(this.#next, handle);
    return this.#next++;
  }

  /** Takes ownership of an op's result and describes it. */
  addNew(address: bigint): TensorMetadata {
    const handle = notNull(Deno.UnsafePointer.create(address), "take an op's result");
    const id = this.add(handle);
    return { id, shape: this.shape(id), dtype: this.dtype(id) };
  }

  /** @throws Error if the tensor was deleted */
  get(id: number): Deno.PointerObject {
    const handle = this.#handles.get(id);
    if (handle) return handle;
    throw new Error(
      `Cannot use tensor ${id}: expected a tensor that lives, received one that was disposed`,
    );
  }

  /** Returns a second id for the same values; both must be deleted. */
  alias(id: number): number {
    const copy = this.#symbols.TFE_TensorHandleCopySharingTensor(
      this.get(id),
      this.#status.pointer,
    );
    this.#status.check("share a tensor");
    return this.add(notNull(copy, "share a tensor"));
  }

  /** Forgets an id without freeing its handle, which now belongs to the caller. */
  release(id: number): Deno.PointerObject {
    const handle = this.get(id);
    this.#handles.delete(id);
    return handle;
  }

  delete(id: number): void {
    this.#symbols.TFE_DeleteTensorHandle(this.release(id));
  }

  dtype(id: number): number {
    return this.#symbols.TFE_TensorHandleDataType(this.get(id));
  }

  shape(id: number): number[] {
    const handle = this.get(id), status = this.#status;
    const rank = this.#symbols.TFE_TensorHandleNumDims(handle, status.pointer);
    status.check("read a tensor's rank");
    const shape = new Array<number>(rank);
    for (let axis = 0; axis < rank; axis++) {
      shape[axis] = Number(this.#symbols.TFE_TensorHandleDim(handle, axis, status.pointer));
    }
    return shape;
  }
}
