import assert from "node:assert/strict";
import { renderToString } from "preact-render-to-string";
import type { LogLine } from "../../core/run/store/types.ts";
import { Warnings } from "./warnings.tsx";

const warning = (message: string, code?: string): LogLine => ({
  ...{ time: 0, imagesSeen: 40, level: "warning", message },
  ...(code === undefined ? {} : { code }),
});

const textOf = (lines: LogLine[], counted = lines.length) =>
  renderToString(<Warnings {...{ lines, counted }} error={null} now={0} />)
    .replaceAll(/<[^>]*>/g, " ");

Deno.test("warnings that differ in their numbers alone are one, with its count", () => {
  const text = textOf([
    warning("Samples are dark: mean −0.51", "dark"),
    warning("Samples are dark: mean -0.6", "dark"),
  ]);
  assert.match(text, /mean -0\.6 .*2 times/);
  assert.ok(!text.includes("0.51"));
});

Deno.test("warnings of one code whose words differ are all shown, and of many how many more", () => {
  const text = textOf([warning("The left eye is dark.", "dark"), warning("The right is.", "dark")]);
  assert.ok(text.includes("The left eye is dark.") && text.includes("The right is."));
  const many = textOf([..."abcdef"].map((letter) => warning(letter.repeat(3), "dark")));
  assert.match(many, /More warnings in the log: +1/);
  assert.ok(!textOf([warning("Dark.")]).includes("More"));
});

Deno.test("warnings that are not loaded yet are told by their number", () => {
  assert.match(textOf([], 3), /warnings in the log: +3/);
});
