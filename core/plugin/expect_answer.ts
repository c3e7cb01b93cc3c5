/** What hooks answer, looked at where their plugin can still be named; each gives it back. */
import * as tf from "@tensorflow/tfjs";
import type { LossTerm } from "./step.ts";

/** @throws TypeError where an answer of `losses` is no list of terms */
export function expectTerms(answer: LossTerm[]): LossTerm[] {
  if (!Array.isArray(answer)) {
    throw new TypeError(`expected a list of loss terms, received ${wordOf(answer)}`);
  }
  const wrong = answer.findIndex((term) => typeof term?.value !== "function");
  if (wrong >= 0) {
    throw new TypeError(
      "expected loss terms { name, of, value(step) }, received " +
        `${wordOf(answer[wrong])} as number ${wrong}`,
    );
  }
  return answer;
}

/** @throws TypeError where an answer of `inputs` is not of finite numbers */
export function expectNumbers(answer: Record<string, number>): Record<string, number> {
  expectRecord(answer, "of numbers");
  for (const [name, value] of Object.entries(answer)) {
    if (Number.isFinite(value)) continue;
    throw new TypeError(`expected "${name}" to be a finite number, received ${wordOf(value)}`);
  }
  return answer;
}

/** @throws TypeError where an answer is not of tensors by name */
export function expectTensors<T extends object>(answer: T): T {
  expectRecord(answer, "of tensors");
  for (const [name, value] of Object.entries(answer)) {
    if (value instanceof tf.Tensor) continue;
    throw new TypeError(`expected "${name}" to be a tensor, received ${wordOf(value)}`);
  }
  return answer;
}

/** @throws TypeError where an answer is no tensor of the shape of `given` */
export function expectLike<T extends tf.Tensor>(answer: T, given: T): T {
  const isTensor = answer instanceof tf.Tensor;
  if (isTensor && String(answer.shape) === String(given.shape)) return answer;
  const shape = isTensor ? `one of [${answer.shape}]` : wordOf(answer);
  throw new TypeError(`expected a tensor of shape [${given.shape}], received ${shape}`);
}

function expectRecord(answer: unknown, of: string): void {
  const isRecord = typeof answer === "object" && answer !== null && !Array.isArray(answer) &&
    !(answer instanceof tf.Tensor);
  if (!isRecord) {
    throw new TypeError(`expected an object ${of} by name, received ${wordOf(answer)}`);
  }
}

function wordOf(value: unknown): string {
  if (value instanceof tf.Tensor) return "a tensor";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
