import assert from "node:assert/strict";
import { expectAvx, type Processor } from "./expect_avx.ts";
import { openLocated } from "./open_located.ts";

const OLD: Processor = {
  arch: "x86_64",
  model: "Intel Celeron J1900",
  features: "fpu sse4_2 rdrand",
};

Deno.test(
  "a processor without AVX is told in one sentence before TensorFlow is looked for, " +
    "fetched or loaded",
  async () => {
    const options = {
      ...{ threads: 1, shards: 1, precision: "float32", device: "auto" } as const,
      onSlower: () => {},
    };
    await assert.rejects(
      openLocated({ tensorflow: "/nowhere", onProgress: () => assert.fail() }, options, OLD),
      new Error(
        "Cannot load TensorFlow: expected a processor with AVX, received Intel Celeron J1900, " +
          "which has none",
      ),
    );
  },
);

Deno.test("AVX is missed only where the system tells that it is missing", () => {
  assert.throws(() => expectAvx(OLD), /expected a processor with AVX/);
  const fine: Partial<Processor>[] = [
    { features: "sse4_2 avx" },
    { features: "sse4_2 avx2 fma" },
    { features: "SSE4.2 AVX1.0" }, // macOS
    { features: undefined },
    { arch: "aarch64" },
  ];
  for (const processor of fine) expectAvx({ ...OLD, ...processor });
});
