/**
 * Parses lines of comma-separated values (RFC 4180), the format in which competitions distribute
 * Quick, Draw!'s drawings.
 */

/** The fields of a line; quotes within quotes are doubled. */
export function fieldsOf(line: string): string[] {
  const fields: string[] = [], text = line.replace(/\r$/, "");
  const field = /(?:"([^"]*(?:""[^"]*)*)"|([^,]*))(,|$)/gy;
  for (let end = ","; end === ",";) {
    const [, quoted, plain = "", next = ""] = field.exec(text) ?? [];
    fields.push(quoted?.replaceAll('""', '"') ?? plain);
    end = next;
  }
  return fields;
}
