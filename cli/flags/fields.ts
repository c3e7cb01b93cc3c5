/** Between configuration schemas and the command line's flags. */
import { type Command, InvalidArgumentError, Option } from "commander";
import { type Config, type FieldInfo, optionalFieldsOf } from "../../core/config/mod.ts";
import { UsageError } from "../errors.ts";
import { isDuration, secondsOf } from "../../core/config/duration.ts";
import { readNumber } from "../../core/config/read_number.ts";
import { isSeed, LARGEST_SEED } from "../../core/seed.ts";

type WithEntries = { readonly entries: Record<string, unknown> };

/**
 * Adds a flag for each field of a schema; two for one that is on or off, of which the help shows
 * one.
 * @param heading shown above them in the help
 * @param defaults what applies where a flag is not given (a preset's values over the schema's)
 * @throws UsageError where the command has one of the flags already
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
      if (!taken && flag !== "--help") continue; // commander keeps its own apart
      throw new UsageError(
        `Cannot add ${flag} of "${heading}": expected a flag that is free, received one ` +
          `that "${taken?.helpGroupHeading ?? "Options:"}" in --help has. Give the field in the ` +
          `plugin's config another name, or leave one of the two plugins out`,
      );
    }
    const initial = defaults[field.key] ?? field.initial;
    const isOn = initial === true;
    const shown = Array.isArray(initial)
      ? initial.join(", ") // spaces, so that the help can wrap it
      : field.type === "boolean"
      ? isOn ? "on" : "off"
      : String(initial);
    const description = `${field.description}${shown === "" ? "" : ` (default: ${shown})`}`;
    if (field.type === "boolean") { // the help shows the form that changes something
      // first: it sets no default
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

/** "20000", "20k", "1.5M". */
export function parseNumber(text: string): number {
  const n = readNumber(text);
  if (!Number.isNaN(n)) return n;
  throw new InvalidArgumentError("Expected a number such as 64, 0.0015, 20k or 1.5M.");
}

/** A whole number of at least 0: "20000", "20k". */
export function parseCount(text: string): number {
  const n = readNumber(text);
  if (Number.isSafeInteger(n) && n >= 0) return n;
  throw new InvalidArgumentError("Expected a whole number such as 64 or 20k.");
}

/** A whole number of at least 1. */
export function parsePositive(text: string): number {
  const n = readNumber(text);
  if (Number.isSafeInteger(n) && n >= 1) return n;
  throw new InvalidArgumentError("Expected a whole number of 1 or more.");
}

/** A seed. */
export function parseSeed(text: string): number {
  const n = readNumber(text);
  if (isSeed(n)) return n;
  throw new InvalidArgumentError(`Expected a whole number of 0 to ${LARGEST_SEED}.`);
}

/** A TCP port; 0 means a free one. */
export function parsePort(text: string): number {
  const n = readNumber(text);
  if (Number.isSafeInteger(n) && n >= 0 && n <= 65_535) return n;
  throw new InvalidArgumentError("Expected a port from 0 to 65535.");
}

/** "90s", "5m": seconds. */
export function parseDuration(text: string): number {
  if (isDuration(text)) return secondsOf(text);
  throw new InvalidArgumentError("Expected a duration such as 90s, 5m or 2h.");
}

/** A part of the data that is held out. */
export function parseShare(text: string): number {
  const share = readNumber(text);
  if (share >= 0 && share <= 0.9) return share;
  throw new InvalidArgumentError("Expected a share from 0 to 0.9, such as 0.05.");
}

/** "#rrggbb". */
export function parseColour(text: string): string {
  if (/^#[0-9a-f]{6}$/i.test(text)) return text;
  throw new InvalidArgumentError('Expected a colour such as "#ffffff" (quoted, for the shell).');
}

/** Repeated flags and commas both make a list. */
export function collect(text: string, before: string[] | undefined): string[] {
  return [...(before ?? []), ...text.split(",").map((part) => part.trim()).filter(Boolean)];
}

/** As {@linkcode collect}, for entries that hold no space: spaces separate them, too. */
export function collectEntries(text: string, before: string[] | undefined): string[] {
  return [...(before ?? []), ...text.split(/[\s,]+/).filter(Boolean)];
}

/** The values of a schema's flags that were given. */
export function givenFields(
  options: Record<string, unknown>,
  schema: WithEntries,
): Partial<Config> {
  const given: Partial<Config> = {};
  for (const { key } of optionalFieldsOf(schema)) {
    const value = options[key];
    // commander parsed it by the field's type
    if (value !== undefined) given[key] = value as Config[string];
  }
  return given;
}

/**
 * Seeds such as "7", "0-63" or "1,5,600-605".
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
