/** Reads `--config FILE`: a file of options, or a run's own config.json. */
import * as v from "valibot";
import { parseStrictJson } from "../../core/checkpoint/mod.ts";
import { ConfigError } from "../../core/config/mod.ts";
import { kindOf } from "../../core/text.ts";
import { UsageError } from "../errors.ts";
import type { SpecFile } from "../../core/run/spec/new_spec.ts";
import { withStopAfter } from "../../core/run/spec/run_plan.ts";
import { savedSchema } from "../../core/run/spec/saved_run.ts";

/** Upper bound of the size of a configuration file. */
const MAX_CONFIG_BYTES = 2 ** 20;

/** The parts of a run besides its options; a file written by hand may lack some. */
const runSchema = v.partial(
  v.pick(savedSchema, ["plugins", "preset", "data", "machine", "options"]),
);

/**
 * Reads a JSON object of options, or a run's own `config.json`.
 * @throws UsageError where it cannot be read or part of the run is invalid, ConfigError where it is
 * not an object
 */
export async function readConfigFile(path: string): Promise<SpecFile> {
  let values: unknown;
  try {
    const { size } = await Deno.stat(path);
    if (size > MAX_CONFIG_BYTES) {
      throw new RangeError(`expected at most ${MAX_CONFIG_BYTES} bytes, received ${size}`);
    }
    values = parseStrictJson(await Deno.readFile(path));
  } catch (error) {
    throw new UsageError(`Cannot read --config ${path}: expected a JSON file`, { cause: error });
  }
  if (!isRecord(values)) {
    throw new ConfigError(
      `Cannot use --config ${path}: expected a JSON object of options, received ${kindOf(values)}`,
    );
  }
  const { run, options } = values;
  if (!isRecord(run) || !isRecord(options)) {
    if (values.minutes === undefined) return { from: path, values };
    throw new ConfigError(
      `Cannot use "minutes" of ${path}: expected the length of a session as "stopAfter", such as ` +
        `"60m", or a budget as ` +
        `--minutes on the command line, received ${values.minutes}. Write the one that is meant`,
    );
  }
  return {
    from: path,
    values: Object.assign({}, withStopAfter(run), ...Object.values(options).filter(isRecord)),
    run: partsOf(values, path),
  };
}

function partsOf(values: Record<string, unknown>, path: string): NonNullable<SpecFile["run"]> {
  const checked = v.safeParse(runSchema, values);
  if (checked.success) {
    // as validated by the schema
    const { plugins, preset, data, machine, options } = checked.output as NonNullable<
      SpecFile["run"]
    >;
    return {
      ...(plugins ? { plugins } : {}),
      ...(preset === undefined ? {} : { preset }),
      ...(data ? { data } : {}),
      ...(machine ? { machine } : {}),
      ...(options ? { options } : {}),
    };
  }
  const [issue] = checked.issues;
  throw new UsageError(
    `Cannot use --config ${path}: expected a run's config.json as "deno task train" writes it, ` +
      `received ` +
      `another: ${v.getDotPath(issue) ?? "all of it"}: ${issue.message}`,
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
