/**
 * For bombs_test.ts: reads one hostile input, and prints as JSON the time, the peak memory and the
 * message. The first argument names the input, the second is a folder to write it to.
 */
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { readConfigFile } from "../../cli/flags/config_file.ts";
import { decodeManifest } from "../../core/checkpoint/manifest.ts";
import { decodeSafetensors } from "../../core/checkpoint/safetensors.ts";
import { SkipLog } from "../../core/sketches/drawing.ts";
import { drawingsOfText } from "../../core/sketches/test_drawings.ts";
import { parseSvg } from "../../core/sketches/parse_svg.ts";
import { readDrawings } from "../../core/sketches/read_drawings.ts";
import { zipSource } from "../../datasets/sources/zip.ts";

const [name = "", folder = ""] = Deno.args;
const encode = (text: string) => new TextEncoder().encode(text);
const DEEP = "[".repeat(4_000_000);

/** Functions that create an input and return its reader; only the reading is measured. */
const INPUTS: Record<string, () => () => Promise<unknown> | unknown> = {
  nothing: () => () => "nothing was read",
  "a deep manifest": () => {
    const bytes = encode(DEEP);
    return () => decodeManifest(bytes);
  },
  "a deep safetensors header": () => {
    const json = encode(`{"a":${DEEP}`), bytes = new Uint8Array(8 + json.length);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
    bytes.set(json, 8);
    return () => decodeSafetensors(bytes);
  },
  "a safetensors header of 2^62 bytes": () => {
    const bytes = new Uint8Array(64);
    new DataView(bytes.buffer).setBigUint64(0, 2n ** 62n, true);
    return () => decodeSafetensors(bytes);
  },
  "a deep configuration": () => {
    const path = join(folder, "deep.json");
    Deno.writeTextFileSync(path, DEEP.slice(0, 1_000_000));
    return () => readConfigFile(path);
  },
  "a deep sketch": () => {
    const text = `{"drawing":${DEEP.slice(0, 2_000_000)}}\n`;
    return () => skippedIn(text);
  },
  "a sketch of a million points": () => {
    const row = JSON.stringify(Array.from({ length: 1_000_000 }, (_, i) => i % 9));
    return () => skippedIn(`{"drawing":[[${row},${row}]]}\n`);
  },
  "ten thousand strokes of two points": () => {
    const strokes = Array.from({ length: 10_000 }, (_, i) => [[i % 255, 3], [4, i % 200]]);
    const text = `${JSON.stringify({ drawing: strokes })}\n`.repeat(12);
    return () => skippedIn(text);
  },
  "a billion laughs": () => {
    const laughs = Array.from(
      { length: 7 },
      (_, i) => `<!ENTITY a${i} "${`&a${i + 1};`.repeat(20)}">`,
    );
    return () =>
      parseSvg(`<!DOCTYPE svg [${laughs.join("")}<!ENTITY a7 "ha">]><svg>&a0;</svg>`, "a.svg");
  },
  "a billion uses": () => {
    const uses = Array.from(
      { length: 9 },
      (_, i) => `<g id="u${i}">${`<use href="#u${i + 1}"/>`.repeat(10)}</g>`,
    );
    return () => parseSvg(`<svg>${uses.join("")}<g id="u9"/></svg>`, "a.svg");
  },
  "gzip that unpacks to a gigabyte": () => {
    const zeros = gzipSync(new Uint8Array(2 ** 26)), bytes = new Uint8Array(16 * zeros.length);
    for (let i = 0; i < 16; i++) bytes.set(zeros, i * zeros.length); // one member after another
    return () => readDrawings(bytes, "a.ndjson", { label: "", skips: new SkipLog() });
  },
  "a path of a million vertices": () => {
    const text = `<svg><path d="M0 0${"l1 1".repeat(1_000_000)}"/></svg>`;
    return () => parseSvg(text, "a.svg");
  },
  "a path of arcs without end": () => {
    const text = `<svg viewBox="0 0 9 9"><path d="M0 0${
      "a1e9 1e9 0 1 0 1 1".repeat(9_000)
    }"/></svg>`;
    return () => parseSvg(text, "a.svg");
  },
  "forty thousand nested groups": () => {
    const text = `<svg>${"<g transform='scale(2)'>".repeat(40_000)}`;
    return () => parseSvg(text, "a.svg");
  },
  "a zip bomb": () => {
    const path = bombIn(folder, false);
    return () => readZip(path);
  },
  "a zip bomb with a header that lies": () => {
    const path = bombIn(folder, true);
    return () => readZip(path);
  },
  "a zip of thirty thousand entries": () => {
    const path = join(folder, "many.zip"), empty = new Uint8Array();
    const names = Array.from({ length: 30_000 }, (_, i) => [`${i}.png`, empty]);
    Deno.writeFileSync(path, zipSync(Object.fromEntries(names), { level: 0 }));
    return () => readZip(path);
  },
};

/** The parser's reasons for skipping drawings. */
function skippedIn(text: string): string {
  const skips = new SkipLog();
  const { length } = drawingsOfText(text, "a.ndjson", skips);
  return `${length} drawings; ${skips.list().map(({ reason }) => reason).join("; ")}`;
}

/** 64 MiB of zeros compressed to 64 kB; if it `lies`, its headers say 1000 bytes. */
function bombIn(folder: string, lies: boolean): string {
  const bomb = zipSync({ "a.png": new Uint8Array(2 ** 26) }, { level: 9 });
  const view = new DataView(bomb.buffer);
  for (let i = 0; lies && i < bomb.length - 4; i++) {
    const signature = view.getUint32(i, true); // signatures of the local and the central header
    if (signature === 0x04034b50) view.setUint32(i + 22, 1000, true);
    if (signature === 0x02014b50) view.setUint32(i + 24, 1000, true);
  }
  const path = join(folder, "bomb.zip");
  Deno.writeFileSync(path, bomb);
  return path;
}

async function readZip(path: string): Promise<string> {
  const source = await zipSource(path);
  const said = [];
  for (const file of source.files.slice(0, 3)) {
    said.push(await file.read().then((bytes) => `${bytes.length} bytes`, String));
  }
  source.close();
  return [
    `${source.files.length} files`,
    ...said,
    ...source.skipped.slice(0, 2).map(({ reason }) => reason),
  ].join(
    "; ",
  );
}

/** Peak memory of the process since the last reset, MB. */
function peakMegabytes(): number {
  // Linux has it
  return Number(/VmHWM:\s+(\d+)/.exec(Deno.readTextFileSync("/proc/self/status"))![1]) / 1000;
}

const read = INPUTS[name]!(); // the test names an existing one
try {
  Deno.writeTextFileSync("/proc/self/clear_refs", "5"); // resets the peak
} catch {
  // If that is not allowed, only memory beyond what creating the input took is measured.
}
const before = peakMegabytes(), started = performance.now();
let said: string;
try {
  said = String(await read());
} catch (error) {
  said = String(error);
}
const seconds = (performance.now() - started) / 1000;
console.log(JSON.stringify({ said, seconds, megabytes: peakMegabytes() - before }));
