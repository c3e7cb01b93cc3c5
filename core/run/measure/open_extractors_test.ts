import assert from "node:assert/strict";
import { join } from "node:path";
import { patternWeights } from "../../features/testdata/pattern.ts";
import { encodeVgg } from "../../features/vgg_file.ts";
import { withFolder } from "../../testing/with_folder.ts";
import { openExtractors } from "./open_extractors.ts";

Deno.test("openExtractors() takes VGG-19's weights from the given file, if it is there", () =>
  withFolder(async (folder) => {
    const warnings: string[] = [];
    const notices = { progress() {}, warn: (message: string) => void warnings.push(message) };
    const file = join(folder, "block1.safetensors");
    await assert.rejects(openExtractors(notices, file), /Cannot read --vgg-weights .*block1/);
    const weights = patternWeights();
    await Deno.writeFile(file, encodeVgg(weights, "a test"));
    const extractors = await openExtractors(notices, file);
    assert.ok(
      extractors.some(({ name }) => /VGG-19/.test(name)),
      extractors.map((e) => e.name).join(),
    );
    for (const extractor of extractors) extractor.dispose();
  }));
