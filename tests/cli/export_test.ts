import assert from "node:assert/strict";
import { join } from "node:path";
import { decodeSafetensors } from "../../core/checkpoint/mod.ts";
import { withFolder } from "../../core/testing/with_folder.ts";
import { runOnnx } from "../export/onnx_runtime.ts";
import { expectCli, runCli } from "./cli_process.ts";
import { QUIET, trainTiny } from "./discs_run.ts";

Deno.test("export writes ONNX and weights of a run, with a model card that tells of it", (t) =>
  withFolder(async (folder) => {
    await trainTiny(folder, ["--noise"]);
    const write = (...args: string[]) => expectCli(["export", ...args, ...QUIET], folder);
    const read = (path: string) => Deno.readFile(join(folder, path));

    await t.step("ONNX: any batch, classes, the same noise for all or inputs", async () => {
      await write("--to", "onnx", "--out", "onnx");
      const z = Float32Array.from({ length: 16 }, (_, i) => Math.sin(i));
      const feeds = {
        z: { data: z, shape: [2, 8] },
        labels: { data: Int32Array.of(0, 1), shape: [2] },
        truncation: { data: Float32Array.of(0.7), shape: [] },
      };
      const { images } = await runOnnx(await read("onnx/generator.onnx"), feeds);
      assert.deepEqual(images!.shape, [2, 8, 8, 3]);
      assert.ok(images!.data.every((v) => v >= -1 && v <= 1));
      await write("--to", "onnx", "--out", "noisy", "--noise", "input");
      await assert.rejects(runOnnx(await read("noisy/generator.onnx"), feeds), /noise0/);
    });

    await t.step("safetensors: the averaged generator's weights, not the live one's", async () => {
      await write("--to", "safetensors", "--out", "ema");
      await write("--to", "safetensors", "--out", "live", "--weights", "live");
      const [ema, live] = await Promise.all(
        ["ema", "live"].map(async (name) =>
          decodeSafetensors(await read(`${name}/generator.safetensors`))
        ),
      );
      assert.deepEqual(Object.keys(ema!.tensors), Object.keys(live!.tensors));
      assert.equal(ema!.metadata.images_seen, "16");
      const name = "synthesis/4px/layer1/conv/weight";
      const bytes = (file: typeof ema) => file!.tensors[name]!.data.toHex();
      assert.deepEqual(ema!.tensors[name]!.shape, [3, 3, 8, 8]);
      assert.ok(bytes(ema) !== bytes(live));
    });

    await t.step("the card has the run's facts, and no path of this machine", async () => {
      const card = new TextDecoder().decode(await read("onnx/README.md"));
      for (
        const fact of ["00000-stylegan-discs", "| Images seen | 16 |", "blue, red", "opset 17"]
      ) {
        assert.ok(card.includes(fact), fact);
      }
      assert.ok(!card.includes(folder));
    });

    await t.step("what can't be written is said before anything is opened", async () => {
      await Deno.writeTextFile(join(folder, "taken"), "");
      const { code, stderr } = await runCli(["export", "--to", "onnx", "--out", "taken"], folder);
      assert.equal(code, 2);
      assert.match(stderr, /Cannot write taken: .* received a file at .*taken/);
      const idle = ["--to", "safetensors", "--out", "x"];
      const noisy = await runCli(["export", ...idle, "--noise", "none", ...QUIET], folder);
      assert.deepEqual([noisy.code, /Cannot use --noise/.test(noisy.stderr)], [2, true]);
      const cut = await runCli(["export", ...idle, "--trunc-cutoff", "2", ...QUIET], folder);
      assert.deepEqual([cut.code, /Cannot use --trunc-cutoff/.test(cut.stderr)], [2, true]);
      await Deno.writeTextFile(join(folder, "README.md"), "Mine.");
      const own = await runCli(["export", "--to", "onnx", "--out", ".", ...QUIET], folder);
      assert.deepEqual([own.code, /one with a README\.md/.test(own.stderr)], [2, true]);
      assert.equal(await Deno.readTextFile(join(folder, "README.md")), "Mine.");
      await write("--to", "safetensors", "--out", "onnx"); // left from an earlier export
      const other = await runCli(["export", "--to", "gif", "--out", "x"], folder);
      assert.match(other.stderr, /Allowed choices are web, onnx, savedmodel, safetensors/);
    });
  }));
