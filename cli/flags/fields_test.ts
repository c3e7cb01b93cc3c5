import assert from "node:assert/strict";
import { Command } from "commander";
import { field, object } from "../../core/config/mod.ts";
import { addFields, givenFields, parseAmount, parseSeed, parseSeeds } from "./fields.ts";

const schema = object({
  flip: field.boolean("Mirror half of the images", true),
  labels: field.boolean("Condition on labels", false),
});

function commandWith(defaults: Record<string, unknown> = {}): Command {
  const command = new Command("train").exitOverride();
  addFields(command, schema, "Training:", defaults);
  return command;
}

Deno.test("a flag that is there already is refused with who has it", () => {
  assert.throws(
    () => addFields(commandWith(), object({ flip: field.number("Angle", 0) }), "Plugin turn:"),
    /Cannot add --flip of "Plugin turn:".*received one that "Training:" in --help has/,
  );
});

Deno.test("a flag of on or off is refused where its other form, or --help, is taken", () => {
  const command = new Command("train").optionsGroup("Machine:").option("--no-download", "Never");
  assert.throws(
    () => addFields(command, object({ download: field.boolean("Fetch", true) }), "Plugin get:"),
    /Cannot add --no-download of "Plugin get:".*received one that "Machine:" in --help has/,
  );
  assert.throws(
    () => addFields(command, object({ help: field.number("How much", 0) }), "Plugin help:"),
    /Cannot add --help of "Plugin help:"/,
  );
});

Deno.test("the help shows how to change an option that is on or off, in one line each", () => {
  const flagsIn = (help: string) =>
    [...help.matchAll(/^ {2}(--\S+) +(.*)$/gm)].map((m) => m.slice(1));
  assert.deepEqual(flagsIn(commandWith().helpInformation()), [
    ["--no-flip", "Switch off: Mirror half of the images (default: on)"],
    ["--labels", "Condition on labels (default: off)"],
  ]);
  const turned = flagsIn(commandWith({ flip: false, labels: true }).helpInformation());
  assert.deepEqual(turned.map(([flag]) => flag), ["--flip", "--no-labels"]);
});

Deno.test(
  "the help shows a list in a way that it can break lines of, and spaces separate its " +
    "entries, too",
  () => {
    const lists = object({ sched: field.texts("Entries", []) });
    const defaults = { sched: ["4:16::0:8", "8:16"] };
    const given = (...args: string[]) => {
      const command = new Command("train").exitOverride();
      addFields(command, lists, "Training:", defaults);
      assert.match(command.helpInformation(), /Entries \(default: 4:16::0:8, 8:16\)/);
      return givenFields(command.parse(args, { from: "user" }).opts(), lists);
    };
    for (const text of ["4:16::0:8,8:16", "4:16::0:8 8:16", " 4:16::0:8, 8:16 "]) {
      assert.deepEqual(given("--sched", text), { sched: defaults.sched });
    }
    assert.deepEqual(given("--sched", "4:16::0:8", "--sched=8:16"), { sched: defaults.sched });
  },
);

Deno.test(
  "an option that is on or off takes both forms, and nothing where neither is " +
    "given",
  () => {
    const given = (...args: string[]) =>
      givenFields(commandWith().parse(args, { from: "user" }).opts(), schema);
    assert.deepEqual(given(), {});
    assert.deepEqual(given("--flip", "--labels"), { flip: true, labels: true });
    assert.deepEqual(given("--no-flip", "--no-labels"), { flip: false, labels: false });
  },
);

Deno.test("seeds are those of 32 bits", () => {
  assert.deepEqual(parseSeeds("0,4294967294-4294967295"), [0, 4294967294, 4294967295]);
  for (const seeds of ["4294967296", "4294967295-4294967296", "0,9007199254740993"]) {
    assert.throws(() => parseSeeds(seeds), /Expected seeds of 0 to 4294967295\./);
  }
  assert.equal(parseSeed("20k"), 20_000);
  for (const seed of ["4294967296", "-1", "0.5", ""]) {
    assert.throws(() => parseSeed(seed), /Expected a whole number of 0 to 4294967295\./);
  }
});

Deno.test("minutes and hours take no suffix: 60m is not 60 million minutes", () => {
  assert.deepEqual(["60", "1.5", "1e2"].map(parseAmount), [60, 1.5, 100]);
  for (const text of ["60m", "8M", "2k", "1h", ""]) {
    assert.throws(() => parseAmount(text), /Expected a number without a unit, such as 60 or 1\.5/);
  }
});
