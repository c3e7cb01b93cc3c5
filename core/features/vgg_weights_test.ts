import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { withFolder } from "../testing/mod.ts";
import { patternWeights } from "./testdata/pattern.ts";
import { encodeVgg, parseVgg } from "./vgg_file.ts";
import { missingVgg, prepareVgg, readVgg } from "./vgg_weights.ts";

const hdf5 = Deno.readFileSync(new URL("./testdata/vgg.h5", import.meta.url));
const md5 = createHash("md5").update(hdf5).digest("hex");

/** Serves the small HDF5 instead of Keras' file and counts the requests. */
function serve(status = 200) {
  let requests = 0;
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => {
    requests++;
    return new Response(status === 200 ? hdf5 : "gone", { status });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/vgg.h5`,
    requests: () => requests,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

Deno.test("parseVgg() reads Keras' HDF5 and its own safetensors to the same weights", () => {
  const weights = patternWeights();
  assert.deepEqual(parseVgg(hdf5, "vgg.h5"), weights);
  assert.deepEqual(parseVgg(encodeVgg(weights, "a test"), "vgg.safetensors"), weights);
});

Deno.test("parseVgg() refuses a flipped bit, a cut file and other arrays, naming the file", () => {
  const good = encodeVgg(patternWeights(), "a test");
  const flipped = good.slice();
  flipped[flipped.length - 10]! ^= 1; // in range
  assert.throws(() => parseVgg(flipped, "f.safetensors"), /f\.safetensors.*SHA-256/);
  assert.throws(
    () => parseVgg(good.slice(0, -4), "f.safetensors"),
    /f\.safetensors.*whole safetensors/,
  );
  assert.throws(
    () => parseVgg(hdf5.slice(0, 900), "f.h5"),
    /f\.h5.*whole HDF5 file, received damaged or other data/,
  );
  const nan = { ...patternWeights(), "block1_conv1.bias": new Float32Array(64).fill(NaN) };
  assert.throws(() => parseVgg(encodeVgg(nan, ""), "f"), /block1_conv1\.bias.*finite/);
});

Deno.test("prepareVgg() downloads once, tells progress, and readVgg() finds the block again", () =>
  withFolder(async (folder) => {
    await using server = serve();
    const sources = {
      file: "",
      cache: join(folder, "a", "block1.safetensors"),
      kerasCache: join(folder, "absent.h5"),
      published: { url: server.url, md5 },
    };
    assert.equal(readVgg(sources), undefined);
    const fractions: number[] = [], lines: string[] = [];
    const listener = {
      progress: (fraction: number) => void fractions.push(fraction),
      log: (line: string) => void lines.push(line),
    };
    await prepareVgg({ ...sources, ...listener });
    assert.equal(fractions.at(-1), 1);
    assert(lines.some((line) => line.includes(server.url)));
    assert.deepEqual(readVgg(sources), patternWeights());
    await prepareVgg(sources);
    assert.equal(server.requests(), 1);
    assert.deepEqual(
      [...Deno.readDirSync(join(folder, "a"))].length,
      1,
      "nothing temporary is left",
    );
  }));

Deno.test("prepareVgg() takes Keras' own cache without a download", () =>
  withFolder(async (folder) => {
    await using server = serve();
    const kerasCache = join(folder, "keras.h5");
    await Deno.writeFile(kerasCache, hdf5);
    const sources = {
      file: "",
      cache: join(folder, "b"),
      kerasCache,
      published: { url: server.url, md5 },
    };
    await prepareVgg(sources);
    assert.equal(server.requests(), 0);
    assert.deepEqual(readVgg(sources), patternWeights());
  }));

Deno.test("prepareVgg() tells that Keras' own cache holds another file, and downloads", () =>
  withFolder(async (folder) => {
    await using server = serve();
    const kerasCache = join(folder, "keras.h5"), lines: string[] = [];
    await Deno.writeFile(kerasCache, hdf5.subarray(0, 900));
    await prepareVgg({
      file: "",
      cache: join(folder, "b"),
      kerasCache,
      published: { url: server.url, md5 },
      log: (line) => void lines.push(line),
    });
    assert.match(lines[0]!, new RegExp(`keras\\.h5 is not used: expected MD5 ${md5}`));
    assert.equal(server.requests(), 1);
  }));

Deno.test("prepareVgg() with a wrong digest or no answer tells why and the three ways, and keeps nothing", () =>
  withFolder(async (folder) => {
    await using server = serve();
    await using gone = serve(404);
    const cache = join(folder, "c");
    const ways = /Three ways: .*--vgg-weights FILE.*\.keras\/models.*fetched from.*Or do without/;
    for (
      const [published, why] of [
        [{ url: server.url, md5: "0".repeat(32) }, /expected MD5 0{32}/],
        [{ url: gone.url, md5 }, /answered 404/],
      ] as const
    ) {
      const otherwise = "do without";
      const failed = await prepareVgg({ file: "", cache, published, otherwise }).then(
        () => undefined,
        (e: Error) => e,
      );
      assert(failed);
      assert.match(failed.message, why);
      assert.match(failed.message, ways);
    }
    assert.equal(readVgg({ file: "", cache }), undefined);
  }));

Deno.test("readVgg() takes nothing else where a file was given, and says what to delete in the cache", () =>
  withFolder(async (folder) => {
    const cache = join(folder, "d");
    await Deno.writeFile(cache, encodeVgg(patternWeights(), ""));
    assert.throws(
      () => readVgg({ file: join(folder, "absent"), cache }),
      /--vgg-weights .*absent/,
    );
    await Deno.writeFile(cache, new Uint8Array(20));
    assert.throws(() => readVgg({ file: "", cache }), new RegExp(`Delete ${cache}`));
  }));

Deno.test("missingVgg() tells no flag that the command lacks", () => {
  const { message } = missingVgg("none", { takesFile: false });
  assert.match(message, /Two ways: put Keras' \S+ into ~\/\.keras\/models; or let it be fetched/);
  assert.doesNotMatch(message, /--|Or /);
});
