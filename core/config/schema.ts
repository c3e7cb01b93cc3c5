/** Configuration schemas as data: what the command line and the dashboard read of them. */
import * as v from "valibot";

/** A value of a resolved configuration. */
export type ConfigValue = string | number | boolean | string[];
/** A resolved configuration. */
export type Config = Record<string, ConfigValue>;

/** A schema built by {@linkcode object}. */
export type ConfigSchema = v.GenericSchema<unknown, Config> & {
  readonly entries: Record<string, v.GenericSchema>;
};

/** The resolved type of a schema. */
export type ConfigOf<S extends ConfigSchema> = v.InferOutput<S>;

/** An object of fields (see field.ts) that refuses unknown keys. */
export function object<const E extends v.ObjectEntries>(
  entries: E,
): v.StrictObjectSchema<E, undefined> {
  return v.strictObject(entries);
}

/** One field as flags need it. */
export interface FieldInfo {
  /** camelCase, as in configurations. */
  key: string;
  /** As on the command line: "--kebab-case". */
  flag: string;
  /** What the flag's argument is read as; a list may be given several times. */
  type: "number" | "boolean" | "string" | "list";
  /** The words that are accepted; empty where any value of the type is. */
  choices: readonly string[];
  /** What a text is, e.g. "folder", for `--help`. */
  what: string;
  /** One line for `--help`. */
  description: string;
  /** Its default; undefined where it must be given. */
  initial: ConfigValue | undefined;
}

/** "stabilizeImages" to "stabilize-images". */
export function kebabCase(key: string): string {
  return key.replace(/[A-Z]/g, (c) => "-" + c.toLowerCase());
}

/** The fields of a schema, in its own order. */
export function optionalFieldsOf(
  schema: { readonly entries: Record<string, unknown> },
): FieldInfo[] {
  return Object.entries(schema.entries).map(([key, entry]) => {
    const optional = entry as { wrapped?: unknown; default?: unknown }; // v.optional keeps both
    const inner = (optional.wrapped ?? entry) as { // v.pipe keeps its steps
      type: string;
      options?: readonly string[];
      pipe?: readonly {
        kind: string;
        type: string;
        description?: string;
        metadata?: { what?: string };
      }[];
    };
    const note = inner.pipe?.find((step) => step.type === "description");
    return {
      key,
      flag: "--" + kebabCase(key),
      type: inner.type === "number" || inner.type === "boolean"
        ? inner.type
        : inner.type === "array"
        ? "list"
        : "string",
      choices: inner.options ?? [],
      what: inner.pipe?.find((step) => step.metadata?.what)?.metadata?.what ?? "word",
      description: note?.description ?? "",
      initial: optional.default as ConfigValue | undefined, // field.ts gives no other kind
    };
  });
}
