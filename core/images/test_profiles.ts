/** Matrix/gamma colour profiles, and PNG files with embedded profiles, for tests. */
import { crc32, deflateSync } from "node:zlib";

const text = new TextEncoder();

/**
 * Colorants relative to D50 (Lindbloom's tables) and gamma of two photographic RGB spaces, and a
 * grey one.
 */
export const TEST_PROFILES = {
  prophoto: {
    gamma: 1.8,
    colorants: [[0.7976749, 0.2880402, 0], [0.1351917, 0.7118741, 0], [
      0.0313534,
      0.0000857,
      0.82521,
    ]],
  },
  adobe: {
    gamma: 2.19921875,
    colorants: [[0.60974, 0.31111, 0.01947], [0.20528, 0.62567, 0.06087], [
      0.14919,
      0.06322,
      0.74457,
    ]],
  },
  grey: { gamma: 1.8, colorants: undefined },
} as const;

/** An ICC profile of version 2.1 (ICC.1:2001-04). */
export function testProfile(name: keyof typeof TEST_PROFILES): Uint8Array {
  const { gamma, colorants } = TEST_PROFILES[name];
  const curve = tag("curv", [0, 1]), view = new DataView(curve.buffer);
  view.setUint32(8, 1);
  view.setUint16(12, Math.round(gamma * 256));
  const xyz = (values: readonly number[]) => {
    const bytes = tag("XYZ ", [0, 0, 0]), v = new DataView(bytes.buffer);
    values.forEach((x, i) => v.setInt32(8 + 4 * i, Math.round(x * 65536)));
    return bytes;
  };
  const description = new Uint8Array(104);
  description.set(text.encode("desc\0\0\0\0\0\0\0\x05test\0"));
  const tags: [string, Uint8Array][] = [
    ["desc", description],
    ["cprt", new Uint8Array([...text.encode("text\0\0\0\0none\0"), 0, 0, 0])],
    ["wtpt", xyz([0.9642, 1, 0.8249])],
    ...(colorants
      ? colorants.flatMap((values, i): [string, Uint8Array][] => [
        [`${"rgb"[i]}XYZ`, xyz(values)],
        [`${"rgb"[i]}TRC`, curve],
      ])
      : [["kTRC", curve] as [string, Uint8Array]]),
  ];
  const start = 132 + 12 * tags.length, size = tags.reduce((sum, [, d]) => sum + d.length, start);
  const out = new Uint8Array(size), head = new DataView(out.buffer);
  head.setUint32(0, size);
  out.set(text.encode("lcms\x02\x10\0\0mntr" + (colorants ? "RGB " : "GRAY") + "XYZ "), 4);
  out.set(text.encode("acsp"), 36);
  [0.9642, 1, 0.8249].forEach((x, i) => head.setInt32(68 + 4 * i, Math.round(x * 65536)));
  head.setUint32(128, tags.length);
  let at = start;
  for (const [i, [name, data]] of tags.entries()) {
    out.set(text.encode(name), 132 + 12 * i);
    head.setUint32(136 + 12 * i, at);
    head.setUint32(140 + 12 * i, data.length);
    out.set(data, at);
    at += data.length;
  }
  return out;
}

function tag(type: string, words: readonly number[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8 + 4 * words.length);
  bytes.set(text.encode(type));
  return bytes;
}

/**
 * A PNG of 8 or 16 bits with the given profile and other chunks.
 * @param values [height, width, channels], of that bit depth
 */
export function testPng(
  values: readonly number[],
  { width, channels, bits, profile, chunks = [] }: {
    width: number;
    channels: 1 | 2 | 3 | 4;
    bits: 8 | 16;
    profile?: Uint8Array;
    /** Inserted before the pixels. */
    chunks?: [string, Uint8Array][];
  },
): Uint8Array {
  const height = values.length / width / channels, row = width * channels * bits / 8;
  const header = new Uint8Array(13), view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([bits, [0, 0, 4, 2, 6][channels]!], 8); // channels are 1 to 4
  const rows = new Uint8Array(height * (row + 1)), pixels = new DataView(rows.buffer);
  for (const [i, value] of values.entries()) {
    const y = Math.floor(i / (width * channels)), x = i % (width * channels);
    if (bits === 16) pixels.setUint16(y * (row + 1) + 1 + 2 * x, value);
    else pixels.setUint8(y * (row + 1) + 1 + x, value);
  }
  return joinPng([
    ["IHDR", header],
    ...(profile
      ? [["iCCP", new Uint8Array([...text.encode("p\0\0"), ...deflateSync(profile)])] as [
        string,
        Uint8Array,
      ]]
      : []),
    ...chunks,
    ["IDAT", new Uint8Array(deflateSync(rows))],
    ["IEND", new Uint8Array()],
  ]);
}

/** Assembles a PNG file from chunks. */
export function joinPng(chunks: readonly [type: string, data: Uint8Array][]): Uint8Array {
  const parts = [new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10])];
  for (const [type, data] of chunks) {
    const chunk = new Uint8Array(12 + data.length), view = new DataView(chunk.buffer);
    view.setUint32(0, data.length);
    chunk.set(text.encode(type), 4);
    chunk.set(data, 8);
    view.setUint32(8 + data.length, crc32(chunk.subarray(4, 8 + data.length)));
    parts.push(chunk);
  }
  return new Uint8Array(parts.flatMap((part) => [...part]));
}
