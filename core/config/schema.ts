/** Option schemas, and what the command line and the dashboard read from them. */
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

/** A field, described for flags and forms. */
export interface FieldInfo {
  /** camelCase, as in configurations. */
  key: string;
  /** As on the command line: "--kebab-case". */
  flag: string;
  /** Type of the flag's argument; a list's flag may be given several times. */
  type: "number" | "boolean" | "string" | "list";
  /** Accepted values; empty where every value of the type is accepted. */
  choices: readonly string[];
  /** Placeholder of a string in `--help`, e.g. "folder". */
  what: string;
  /** One line for `--help`. */
  description: string;
  /** The default; undefined where the option is required. */
  initial: ConfigValue | undefined;
}

/** Converts "stabilizeImages" to "stabilize-images". */
export function kebabCase(key: string): string {
  return key.replace(/[A-Z]/g, (c) => "-" + c.toLowerCase());
}

/** The fields of a schema, in its own order. */
export function optionalFieldsOf(
  schema: { readonly entries: Record<string, unknown> },
): FieldInfo[] {
  return Object.entries(schema.entries).map(([key, entry]) => {
    const optional = entry as { wrapped?: unknown; default?: unknown }; // v.optional() stores both
    const inner = (optional.wrapped ?? entry) as { // v.pipe() stores its steps
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
      initial: optional.default as ConfigValue | undefined, // field.ts creates no other kind
    };
  });
}
