/**
 * Lines of comma-separated values (RFC 4180): Quick, Draw!'s drawings as they are handed out for
 * competitions.
 */

/** The fields of a line; a quote within quotes is written twice. */
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
