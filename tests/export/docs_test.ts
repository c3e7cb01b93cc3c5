/** The programs shown in core/docs/export.md do what the page says. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { openCpu } from "../../core/backend/cpu.ts";
import { recordGraph, styleFunctions } from "../../core/export/mod.ts";
import { packGenerator } from "../../core/export/generator/pack.ts";
import { withFolder } from "../../core/testing/with_folder.ts";
import { writeWhole } from "../../core/write_whole.ts";
import { grown, LATENT_SIZE, tinyStylegan } from "./tiny_models.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const page = await Deno.readTextFile(join(root, "core/docs/export.md"));
const blocks = [...page.matchAll(/^```ts ignore\n(.*?)^```$/gms)].map(([, code]) => code!);

async function deno(...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
}

Deno.test("the program for Deno draws pictures of seeds from an exported folder", () =>
  withFolder(async (folder) => {
    await openCpu();
    const drawn = grown(tinyStylegan({ architecture: "stylegan2" }), { alpha: 1 });
    const { map, synthesize } = styleFunctions(drawn)!; // it has styles
    const files = packGenerator({
      kind: "latents",
      name: "tiny",
      imagesSeen: 16,
      resolution: 16,
      channels: 3,
      latentSize: LATENT_SIZE,
      labels: [],
      layers: drawn.model.styleLayers!(), // it has styles
      truncationCutoff: null,
      directions: [],
    }, {
      map: await recordGraph(map, "input"),
      synthesize: await recordGraph(synthesize, "input"),
    });
    for (const [name, bytes] of Object.entries(files)) {
      await writeWhole(join(folder, "page", name), bytes);
    }
    const program = join(folder, "program.ts");
    await Deno.writeTextFile(program, `Deno.chdir(${JSON.stringify(folder)});\n${blocks[0]!}`);
    await deno("run", "-A", "--config", join(root, "deno.json"), "--no-lock", program);
    const pictures = [1, 2, 3].map((seed) =>
      sharp(join(folder, `seed${seed}.png`)).raw().toBuffer()
    );
    const [first, second] = await Promise.all(pictures);
    assert.equal(first!.length, 16 * 16 * 4);
    assert.notDeepEqual(first, second);
    drawn.model.generator.remove();
    drawn.model.discriminator.remove();
  }));

Deno.test("the program for a page has the types that stand beside generator.js", () =>
  withFolder(async (folder) => {
    const types = new URL("../../core/export/page/generator.d.ts", import.meta.url);
    await writeWhole(join(folder, "page", "generator.d.ts"), await Deno.readFile(types));
    const script = '/* @ts-self-types="./generator.d.ts" */\n';
    await Deno.writeTextFile(join(folder, "page", "generator.js"), script);
    const program = join(folder, "page.ts");
    const dom = '/// <reference lib="dom" />\n';
    await Deno.writeTextFile(program, dom + blocks[1]!);
    await deno("check", "--no-config", program);
    await Deno.writeTextFile(program, dom + blocks[1]!.replace("seed: 1", 'seed: "1"'));
    await assert.rejects(deno("check", "--no-config", program), /string.*number/s);
  }));
