import assert from "node:assert/strict";
import { openPicture } from "./open_picture.ts";
import { testPng, testProfile } from "./test_profiles.ts";

/**
 * 16-bit channel values and their sRGB equivalents, computed by lcms 2.14 in floating point
 * (`transicc -t0 -n -i PROFILE -o SRGB`, SRGB of Pillow's ImageCms.createProfile("sRGB")) and
 * clipped to 0 … 255.
 */
const REFERENCE = {
  prophoto: [
    [30000, 40000, 50000, 26.3, 178.6, 210.6],
    [62000, 60000, 52000, 255, 236.4, 207.6],
    [9000, 5000, 2500, 62.6, 16.9, 5.0],
    [1500, 1200, 800, 5.3, 2.2, 1.0],
    [40000, 20000, 30000, 214.4, 63.5, 140.2],
    [0, 65535, 0, 0, 255, 0],
  ],
  adobe: [
    [30000, 40000, 50000, 95.7, 157.1, 197.4],
    [62000, 60000, 52000, 244.6, 234.1, 202.2],
    [9000, 5000, 2500, 34.5, 11.4, 2.1],
    [1500, 1200, 800, 0.9, 0.5, 0.2],
    [40000, 20000, 30000, 177.6, 76.6, 118.8],
    [0, 65535, 0, 0, 255, 0],
  ],
  grey: [[0, 0], [300, 0.2], [2000, 6.1], [20000, 96.4], [50000, 205.6], [65535, 255]],
} as const;

for (const name of ["prophoto", "adobe", "grey"] as const) {
  for (const bits of [16, 8] as const) {
    for (const hasAlpha of [false, true]) {
      const kind = `${bits} bits${hasAlpha ? " with opacity" : ""}`;
      Deno.test(
        `a picture of ${kind} in the profile ${name} is in sRGB within 2 levels of ` +
          `lcms`,
        async () => {
          const colors = name === "grey" ? 1 : 3, opacity = bits === 16 ? 0x8080 : 0x80;
          const values = REFERENCE[name].flatMap((row) => [
            ...row.slice(0, colors).map((v) => bits === 16 ? v : Math.round(v / 257)),
            ...(hasAlpha ? [opacity] : []),
          ]);
          const channels = (colors + (hasAlpha ? 1 : 0)) as 1 | 2 | 3 | 4;
          const png = testPng(values, { width: 3, channels, bits, profile: testProfile(name) });
          const picture = await openPicture(png);
          assert.equal(picture.depth, bits);
          const { data, info } = await picture.decode((image) => image.toColourspace("srgb").raw());
          for (const [i, row] of REFERENCE[name].entries()) {
            for (let c = 0; c < 3; c++) {
              // Rounding to 8 bits before the conversion is another source of error, above all in
              // the shadows of a wide gamut.
              const expected = row[colors + Math.min(c, colors - 1)]!, most = bits === 16 ? 1 : 2;
              const got = data[i * info.channels + c]!;
              assert(Math.abs(got - expected) <= most, `${row}: ${got} in channel ${c}`);
            }
            if (hasAlpha) assert.equal(data[i * info.channels + 3], 128);
          }
        },
      );
    }
  }
}

Deno.test(
  "a large picture of 16 bits with a profile may be reduced before its colours are " +
    "converted",
  async () => {
    const [red, green, blue, r, g, b] = REFERENCE.prophoto[4];
    const values = Array.from({ length: 64 * 64 }, () => [red, green, blue]).flat();
    const png = testPng(values, {
      width: 64,
      channels: 3,
      bits: 16,
      profile: testProfile("prophoto"),
    });
    const { data, info } = await (await openPicture(png)).decode((image) => image.raw(), {
      least: 8,
    });
    assert.deepEqual([info.width, info.height], [16, 16]);
    assert([r, g, b].every((v, c) => Math.abs(data[c]! - v) <= 1));
  },
);
