/** Converts between configuration schemas and command-line flags. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { type Config, type FieldInfo, optionalFieldsOf } from "../../core/config/mod.ts";
import { UsageError } from "../errors.ts";
import { isDuration, secondsOf } from "../../core/config/duration.ts";
import { readNumber } from "../../core/config/read_number.ts";
import { isSeed, LARGEST_SEED } from "../../core/seed.ts";

type WithEntries = { readonly entries: Record<string, unknown> };

/**
 * Adds a flag for each field of a schema. A boolean field gets two, of which the help shows the one
 * that changes the default.
 * @param heading of the flags in the help
 * @param defaults values where a flag is not given (a preset's values over the schema's)
 * @throws UsageError where the command already has one of the flags
 */
export function addFields(
  command: Command,
  schema: WithEntries,
  heading: string,
  defaults: Record<string, unknown> = {},
): void {
  command.optionsGroup(heading);
  for (const field of optionalFieldsOf(schema)) {
    const off = field.flag.replace("--", "--no-");
    for (const flag of field.type === "boolean" ? [field.flag, off] : [field.flag]) {
      const taken = command.options.find(({ long }) => long === flag);
      if (!taken && flag !== "--help") continue; // commander does not list its own --help
      throw new UsageError(
        `Cannot add ${flag} of "${heading}": expected a flag that is free, received one ` +
          `that "${taken?.helpGroupHeading ?? "Options:"}" in --help has. Give the field in the ` +
          `plugin's config another name, or leave one of the two plugins out`,
      );
    }
    const initial = defaults[field.key] ?? field.initial;
    const isOn = initial === true;
    const shown = Array.isArray(initial)
      ? initial.join(", ") // with spaces, so that the help can be wrapped
      : field.type === "boolean"
      ? isOn ? "on" : "off"
      : String(initial);
    const description = `${field.description}${shown === "" ? "" : ` (default: ${shown})`}`;
    if (field.type === "boolean") { // the help shows the form that changes the default
      // added first, because it sets no default value
      command.addOption(new Option(field.flag, description).hideHelp(isOn));
      command.addOption(new Option(off, `Switch off: ${description}`).hideHelp(!isOn));
      continue;
    }
    const option = new Option(`${field.flag} <${placeholderOf(field)}>`, description);
    if (field.type === "number") option.argParser(parseNumber);
    if (field.type === "list") option.argParser(collectEntries);
    if (field.choices.length > 0) option.choices(field.choices);
    command.addOption(option);
  }
}

function placeholderOf(field: FieldInfo): string {
  if (field.type === "number") return "number";
  return field.type === "list" ? "a,b" : field.what;
}

/** Parses a number such as "20000", "20k" or "1.5M". */
export function parseNumber(text: string): number {
  const n = readNumber(text);
  if (!Number.isNaN(n)) return n;
  throw new InvalidArgumentError("Expected a number such as 64, 0.0015, 20k or 1.5M.");
}

/** Parses an amount of minutes or hours. Elsewhere "60m" is 60 million; here it looks like a time. */
export function parseAmount(text: string): number {
  const n = readNumber(text);
  if (!Number.isNaN(n) && !/[km]$/i.test(text.trim())) return n;
  throw new InvalidArgumentError("Expected a number without a unit, such as 60 or 1.5.");
}

/** Parses a whole number of at least 0, such as "20000" or "20k". */
export function parseCount(text: string): number {
  const n = readNumber(text);
  if (Number.isSafeInteger(n) && n >= 0) return n;
  throw new InvalidArgumentError("Expected a whole number such as 64 or 20k.");
}

/** Parses a whole number of at least 1. */
export function parsePositive(text: string): number {
  const n = readNumber(text);
  if (Number.isSafeInteger(n) && n >= 1) return n;
  throw new InvalidArgumentError("Expected a whole number of 1 or more.");
}

export function parseSeed(text: string): number {
  const n = readNumber(text);
  if (isSeed(n)) return n;
  throw new InvalidArgumentError(`Expected a whole number of 0 to ${LARGEST_SEED}.`);
}

/** Parses a TCP port; 0 means any free one. */
export function parsePort(text: string): number {
  const n = readNumber(text);
  if (Number.isSafeInteger(n) && n >= 0 && n <= 65_535) return n;
  throw new InvalidArgumentError("Expected a port from 0 to 65535.");
}

/** Parses a duration such as "90s" or "5m" to seconds. */
export function parseDuration(text: string): number {
  if (isDuration(text)) return secondsOf(text);
  throw new InvalidArgumentError("Expected a duration such as 90s, 5m or 2h.");
}

/** Parses the share of the data that is held out. */
export function parseShare(text: string): number {
  const share = readNumber(text);
  if (share >= 0 && share <= 0.9) return share;
  throw new InvalidArgumentError("Expected a share from 0 to 0.9, such as 0.05.");
}

/** Parses "#rrggbb". */
export function parseColour(text: string): string {
  if (/^#[0-9a-f]{6}$/i.test(text)) return text;
  throw new InvalidArgumentError('Expected a colour such as "#ffffff" (quoted, for the shell).');
}

/** Collects a list from repeated flags and commas. */
export function collect(text: string, before: string[] | undefined): string[] {
  return [...(before ?? []), ...text.split(",").map((part) => part.trim()).filter(Boolean)];
}

/** Like {@linkcode collect}, but spaces separate entries, too. */
export function collectEntries(text: string, before: string[] | undefined): string[] {
  return [...(before ?? []), ...text.split(/[\s,]+/).filter(Boolean)];
}

/** The values of those of a schema's flags that were given. */
export function givenFields(
  options: Record<string, unknown>,
  schema: WithEntries,
): Partial<Config> {
  const given: Partial<Config> = {};
  for (const { key } of optionalFieldsOf(schema)) {
    const value = options[key];
    // commander has parsed it by the field's type
    if (value !== undefined) given[key] = value as Config[string];
  }
  return given;
}

/**
 * Parses seeds such as "7", "0-63" or "1,5,600-605".
 * @throws InvalidArgumentError
 */
export function parseSeeds(text: string): number[] {
  const seeds = text.split(",").flatMap((part) => {
    const match = /^(\d+)(?:-(\d+))?$/.exec(part.trim());
    const from = Number(match?.[1]), to = Number(match?.[2] ?? match?.[1]);
    if (!match || to < from) {
      throw new InvalidArgumentError('Expected seeds such as "7", "0-63" or "1,5,600-605".');
    }
    if (to > LARGEST_SEED) {
      throw new InvalidArgumentError(`Expected seeds of 0 to ${LARGEST_SEED}.`);
    }
    if (to - from >= 10_000) throw new InvalidArgumentError("Expected at most 10,000 seeds.");
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
  return seeds;
}
