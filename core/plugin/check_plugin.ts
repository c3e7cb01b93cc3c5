/** Checks a plugin at run time: it may be written in JavaScript. */
import type { ConfigSchema } from "../config/mod.ts";
import { closest, kindOf } from "../text.ts";
import { PANEL_LIMITS, wrongPanel } from "./check_panel.ts";
import { HOOK_KINDS } from "./hook_kinds.ts";
import type { Plugin } from "./plugin.ts";

/** The message for plugins from the time when `build` was one of the hooks. */
const BUILD_MOVED = "expected build(context) beside hooks, received it among them. Move it out: " +
  "definePlugin({ …, build(context) { … }, hooks: { … } }); hooks then know the type of " +
  "context.model";

/** Each checks one part and returns its fault. */
const CHECKS: readonly ((plugin: Plugin) => string | undefined)[] = [
  wrongName,
  wrongKind,
  wrongConfig,
  wrongFunctions,
  wrongHooks,
  wrongModel,
  wrongAddOn,
  wrongCommands,
  wrongPreset,
  wrongPanels,
];

/** @returns the first fault of a plugin, as "expected …"; undefined where there is none */
export function wrongPlugin(plugin: Plugin): string | undefined {
  for (const check of CHECKS) {
    const wrong = check(plugin);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function wrongName({ name }: Plugin): string | undefined {
  if (/^[a-z][a-z0-9-]*$/.test(name)) return undefined;
  return "expected a name of a-z, 0-9 and -, starting with a letter";
}

function wrongKind({ kind }: Plugin): string | undefined {
  if (kind === "model" || kind === "add-on") return undefined;
  return `expected a kind of "model" or "add-on", received ${JSON.stringify(kind)}`;
}

function wrongConfig({ config }: Plugin): string | undefined {
  const { entries } = Object(config) as Partial<ConfigSchema>;
  if (typeof entries !== "object") {
    return 'expected config to be object({ … }) of fields, e.g. field.integer("…", 8)';
  }
  const odd = Object.keys(entries).find((key) => !/^[a-z][a-zA-Z0-9]*$/.test(key));
  if (odd === undefined) return undefined;
  return `expected options named in a-z, A-Z, 0-9, as in "fadeImages", received "${odd}"`;
}

function wrongFunctions(plugin: Plugin): string | undefined {
  for (const name of ["state", "prepare", "build", "measure"] as const) {
    if (plugin[name] === undefined || typeof plugin[name] === "function") continue;
    return `expected ${name} to be a function, received ${kindOf(plugin[name])}`;
  }
  return undefined;
}

function wrongHooks({ hooks }: Plugin): string | undefined {
  if (typeof hooks !== "object" || hooks === null) {
    return `expected hooks: { … }, received ${hooks}`;
  }
  if ("build" in hooks) return BUILD_MOVED;
  for (const [hook, run] of Object.entries(hooks)) {
    if (!(hook in HOOK_KINDS)) {
      const all = Object.keys(HOOK_KINDS), near = closest(hook, all);
      return `expected hooks among ${all.join(", ")}, received "${hook}"` +
        (near ? `. Did you mean "${near}"?` : "");
    }
    if (run !== undefined && typeof run !== "function") {
      return `expected hook "${hook}" to be a function, received ${kindOf(run)}`;
    }
  }
  return undefined;
}

function wrongModel({ kind, build, hooks }: Plugin): string | undefined {
  if (kind !== "model") return undefined;
  if (!build) return "expected a model to have build(context), beside its hooks";
  const missing = (["grow", "losses"] as const).find((hook) => !hooks[hook]);
  return missing && `expected a model to have the hook "${missing}"`;
}

/** Parts that only models have would be silently ignored. */
function wrongAddOn(plugin: Plugin): string | undefined {
  if (plugin.kind !== "add-on") return undefined;
  const part = (["build", "presets", "defaultPreset"] as const).find((name) => plugin[name]);
  return part && `expected an add-on without ${part}, which only models have, received one`;
}

function wrongCommands({ commands = [] }: Plugin): string | undefined {
  for (const { name, options } of commands) {
    if (!/^[a-z][a-z0-9-]*$/.test(name)) {
      return `expected commands named in a-z, 0-9 and -, received ${JSON.stringify(name)}`;
    }
    if (!Array.isArray(options)) continue;
    return `expected the options of command "${name}" to be object({ … }) of fields, received a ` +
      'list. Write { flags: "--count <n>", … } as count: field.integer("…", 8)';
  }
  return undefined;
}

function wrongPreset({ defaultPreset, presets }: Plugin): string | undefined {
  if (!defaultPreset || presets?.[defaultPreset]) return undefined;
  return `expected its default preset "${defaultPreset}" among its presets`;
}

function wrongPanels({ panels = {} }: Plugin): string | undefined {
  const all = Object.entries(panels);
  if (all.length > PANEL_LIMITS.panels) {
    return `expected at most ${PANEL_LIMITS.panels} panels, received ${all.length}`;
  }
  for (const [name, panel] of all) {
    const wrong = wrongPanel(name, panel);
    if (wrong) return wrong;
  }
  return undefined;
}
