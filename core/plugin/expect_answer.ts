/**
 * Checks of the hooks' answers, made while the plugin can still be named. Each returns the answer.
 */
import * as tf from "@tensorflow/tfjs";
import type { Gradients, Optimizer } from "../optim/mod.ts";
import { closest } from "../text.ts";
import type { Preview } from "./hooks.ts";
import type { LossTerm } from "./step.ts";

/** @throws TypeError where an answer of `losses` is not a list of terms */
export function expectTerms(answer: LossTerm[]): LossTerm[] {
  if (!Array.isArray(answer)) {
    throw new TypeError(`expected a list of loss terms, received ${wordOf(answer)}`);
  }
  answer.forEach((term, i) => {
    if (typeof term?.value !== "function" || typeof term.name !== "string" || term.name === "") {
      throw new TypeError(
        "expected loss terms { name, of, value(step) }, received " +
          `${wordOf(term)} as number ${i}`,
      );
    }
    const { name, of, every = 1 } = term;
    if (of !== "generator" && of !== "discriminator") { // no network would be trained by it
      throw new TypeError(
        `expected loss term "${name}" to be of "generator" or "discriminator", received ` +
          wordOf(of),
      );
    }
    if (!Number.isInteger(every) || every < 1) {
      throw new RangeError(
        `expected "every" of loss term "${name}" to be a whole number of at least 1, received ` +
          wordOf(every),
      );
    }
  });
  return answer;
}

/**
 * @param what name of the value for the error, e.g. `loss term "mine"`
 * @throws TypeError where a value is not a float32 scalar
 */
export function expectScalar(value: tf.Scalar, what: string): tf.Scalar {
  const isTensor = value instanceof tf.Tensor, isScalar = isTensor && value.rank === 0;
  if (isScalar && value.dtype === "float32") return value;
  const received = isScalar
    ? `one of ${value.dtype}. Cast it to float32`
    : isTensor
    ? `shape [${value.shape}]`
    : wordOf(value);
  throw new TypeError(`expected ${what} to be a scalar, received ${received}`);
}

/** @throws TypeError where an answer of `advance` is not true or false */
export function expectDecision(answer: boolean): boolean {
  if (typeof answer === "boolean") return answer;
  throw new TypeError(`expected true or false, received ${wordOf(answer)}`);
}

/** @throws TypeError where an answer of `preview` is not a grid */
export function expectPreview(answer: Preview): Preview {
  const { images, columns } = Object(answer) as Partial<Preview>; // both are checked below
  const isTensor = images instanceof tf.Tensor, isGrid = isTensor && images.rank === 4;
  if (isGrid && Number.isInteger(columns) && columns! > 0) return answer;
  const received = isNothing(answer)
    ? wordOf(answer)
    : isTensor
    ? `images of shape [${images.shape}] and columns ${wordOf(columns)}`
    : `images ${wordOf(images)}`;
  throw new TypeError(
    `expected { images, columns }, images of shape [cells, R, R, C] in rows of one or more ` +
      `columns, received ${received}`,
  );
}

/** The functions of an optimizer. */
const OPTIMIZER: readonly (keyof Optimizer)[] = ["apply", "slots", "reset", "sync", "dispose"];

/** @throws TypeError where an answer of `optimizer` lacks one of an optimizer's functions */
export function expectOptimizer(answer: Optimizer): Optimizer {
  const given = Object(answer) as Partial<Optimizer>; // each is checked below
  const lacking = OPTIMIZER.filter((name) => typeof given[name] !== "function");
  if (lacking.length === 0) return answer;
  const received = isNothing(answer) ? wordOf(answer) : `one without ${lacking.join(", ")}`;
  throw new TypeError(`expected an optimizer with ${OPTIMIZER.join(", ")}, received ${received}`);
}

/** @throws RangeError where a learning rate is negative or not finite */
export function expectRate(rate: number): number {
  if (Number.isFinite(rate) && rate >= 0) return rate;
  throw new RangeError(`expected a learning rate of at least 0, received ${wordOf(rate)}`);
}

/** @throws TypeError where an answer of `inputs` is not an object of finite numbers */
export function expectNumbers(answer: Record<string, number>): Record<string, number> {
  expectRecord(answer, "of numbers");
  for (const [name, value] of Object.entries(answer)) {
    if (Number.isFinite(value)) continue;
    throw new TypeError(`expected "${name}" to be a finite number, received ${wordOf(value)}`);
  }
  return answer;
}

/**
 * @throws TypeError where an answer is not an object of tensors, each of the shape and dtype of the
 * given one
 */
export function expectTensors<T extends object>(answer: T, given: T): T {
  expectRecord(answer, "of tensors");
  const before = new Map<string, unknown>(Object.entries(given));
  for (const [name, value] of Object.entries(answer)) {
    if (!(value instanceof tf.Tensor)) {
      throw new TypeError(`expected "${name}" to be a tensor, received ${wordOf(value)}`);
    }
    const old = before.get(name);
    if (old instanceof tf.Tensor) expectLike(value, old, `"${name}" to be `);
  }
  return answer;
}

/** @throws TypeError where an answer of `gradients` has a gradient of a weight that had none */
export function expectGradients(answer: Gradients, given: Gradients): Gradients {
  expectTensors(answer, given);
  const odd = Object.keys(answer).find((path) => !(path in given));
  if (odd === undefined) return answer;
  const near = closest(odd, Object.keys(given));
  throw new TypeError(
    `expected gradients of the weights that have one, by their paths, received one of "${odd}"` +
      (near ? `. Did you mean "${near}"?` : ""),
  );
}

/**
 * @throws TypeError where an answer lacks one of the given tensors, or changes its shape or dtype
 */
export function expectAllTensors<T extends object>(answer: T, given: T): T {
  expectTensors(answer, given);
  const lost = Object.keys(given).find((name) => !(name in answer));
  if (lost === undefined) return answer;
  const received = Object.keys(answer).join(", ") || "none";
  throw new TypeError(
    `expected "${lost}" among the tensors, received ${received}. Pass on what stays as it is: ` +
      "{ ...tensors, … }",
  );
}

/** @throws TypeError where an answer is not a tensor of the shape and dtype of `given` */
export function expectLike<T extends tf.Tensor>(answer: T, given: T, what = ""): T {
  const isTensor = answer instanceof tf.Tensor;
  const isLike = isTensor && String(answer.shape) === String(given.shape);
  if (isLike && answer.dtype === given.dtype) return answer;
  const type = isLike ? ` and type ${given.dtype}` : "";
  const received = isLike
    ? `one of ${answer.dtype}`
    : isTensor
    ? `one of [${answer.shape}]`
    : wordOf(answer);
  throw new TypeError(
    `expected ${what}a tensor of shape [${given.shape}]${type}, received ${received}`,
  );
}

function expectRecord(answer: unknown, of: string): void {
  const isRecord = typeof answer === "object" && answer !== null && !Array.isArray(answer) &&
    !(answer instanceof tf.Tensor);
  if (!isRecord) {
    throw new TypeError(`expected an object ${of} by name, received ${wordOf(answer)}`);
  }
}

/** Whether an answer has no fields that could be described. */
function isNothing(answer: unknown): boolean {
  return answer === undefined || answer === null || answer instanceof Promise;
}

function wordOf(value: unknown): string {
  if (value instanceof tf.Tensor) return "a tensor";
  if (Array.isArray(value)) return "a list";
  if (value instanceof Promise) {
    value.catch(() => {}); // a rejection later would be unhandled
    return "a Promise: hooks are not async";
  }
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return "a function";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
