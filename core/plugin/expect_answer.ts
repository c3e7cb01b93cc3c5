/** What hooks answer, looked at where their plugin can still be named. */
import * as tf from "@tensorflow/tfjs";
import type { LossTerm } from "./step.ts";

/** @throws TypeError where an answer of `losses` is no list of terms */
export function expectTerms(answer: unknown): asserts answer is LossTerm[] {
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
}

/** @throws TypeError where an answer of `inputs` is not of finite numbers */
export function expectNumbers(answer: unknown): asserts answer is Record<string, number> {
  expectRecord(answer, "of numbers");
  for (const [name, value] of Object.entries(answer)) {
    if (Number.isFinite(value)) continue;
    throw new TypeError(`expected "${name}" to be a finite number, received ${wordOf(value)}`);
  }
}

/** @throws TypeError where an answer is not of tensors by name */
export function expectTensors(answer: unknown): asserts answer is Record<string, tf.Tensor> {
  expectRecord(answer, "of tensors");
  for (const [name, value] of Object.entries(answer)) {
    if (value instanceof tf.Tensor) continue;
    throw new TypeError(`expected "${name}" to be a tensor, received ${wordOf(value)}`);
  }
}

/** @throws TypeError where an answer is no tensor of the shape of `given` */
export function expectLike(answer: unknown, given: tf.Tensor): asserts answer is tf.Tensor {
  const shape = answer instanceof tf.Tensor ? `one of [${answer.shape}]` : wordOf(answer);
  if (answer instanceof tf.Tensor && String(answer.shape) === String(given.shape)) return;
  throw new TypeError(`expected a tensor of shape [${given.shape}], received ${shape}`);
}

function expectRecord(answer: unknown, of: string): asserts answer is Record<string, unknown> {
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
