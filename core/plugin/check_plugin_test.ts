import assert from "node:assert/strict";
import { field, object } from "../config/mod.ts";
import { definePlugin, type Hooks, type Plugin } from "./mod.ts";

Deno.test("definePlugin() says what is wrong with a definition", () => {
  const base = { name: "x", description: "", kind: "add-on", config: object({}) } as const;
  const misspelt = { grwo: () => {} } as unknown as Hooks; // past the type checker
  assert.throws(() => definePlugin({ ...base, hooks: misspelt }), /Did you mean "grow"\?/);
  assert.throws(() => definePlugin({ ...base, name: "My GAN", hooks: {} }), /a-z, 0-9 and -/);
  const cases: [object, RegExp][] = [
    [{ kind: "addon" }, /a kind of "model" or "add-on", received "addon"/],
    [{ config: { depth: 3 } }, /config to be object\(\{ … \}\) of fields/],
    [{ config: object({ "größe x": field.integer("", 1) }) }, /options named .*"größe x"/],
    [{ state: { lead: 0 } }, /state to be a function, received object/],
    [{ hooks: undefined }, /expected hooks: \{ … \}, received undefined/],
    [{ hooks: { step: 3 } }, /hook "step" to be a function, received number/],
    [{ presets: {} }, /an add-on without presets, which only models have/],
    [{ build: () => ({}) }, /an add-on without build, which only models have/],
    [{ commands: [{ name: "Say it" }] }, /commands named in a-z, 0-9 and -, received "Say it"/],
  ];
  for (const [changed, said] of cases) {
    const wrong = { ...base, hooks: {}, ...changed } as unknown as Plugin; // past the type checker
    assert.throws(() => definePlugin(wrong), said);
  }
  assert.throws(
    () => definePlugin({ ...base, kind: "model", hooks: {} }),
    /to have build\(context\)/,
  );
});

Deno.test("definePlugin() tells a plugin with build among its hooks where it belongs now", () => {
  const old = {
    name: "old",
    description: "",
    kind: "model" as const,
    config: object({}),
    hooks: { build: () => ({}), grow() {}, losses: () => [] },
  };
  assert.throws(
    () => definePlugin(old as never), // past the type checker
    {
      name: "TypeError",
      message:
        'Cannot define plugin "old": expected build(context) beside hooks, received it among ' +
        "them. " +
        "Move it out: definePlugin({ …, build(context) { … }, hooks: { … } }); hooks then know " +
        "the type of " +
        "context.model",
    },
  );
  const { hooks: { build: _, ...hooks }, ...rest } = old;
  assert.throws(
    () => definePlugin({ ...rest, hooks }),
    /expected a model to have build\(context\), beside its hooks/,
  );
});

Deno.test("definePlugin() tells a command with a list of flags how options are written now", () => {
  const command = {
    name: "count",
    description: "",
    arguments: "",
    options: [{ flags: "--times <n>", description: "" }] as never, // past the type checker
    run: () => Promise.resolve(),
  };
  assert.throws(
    () =>
      definePlugin({
        name: "old",
        description: "",
        kind: "add-on",
        config: object({}),
        hooks: {},
        commands: [command],
      }),
    /options of command "count" to be object\(\{ … \}\) of fields, received a list\. Write .* field\.integer/,
  );
});
