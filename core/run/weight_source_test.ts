import assert from "node:assert/strict";
import {
  optionsOfSource,
  warningOfClasses,
  warningOfLeft,
  warningOfShapes,
} from "./weight_source.ts";

Deno.test("a run that begins with another's weights does not end where that one was to end", () => {
  const run = {
    images: 68_000,
    stopAfter: "20m",
    decayPeriods: ["0:68000"],
    finalRate: 0.1,
    startResolution: 4,
  };
  const source = {
    run: { id: "00000-stylegan-emoji" },
    saved: { run, plugins: [], preset: null, data: {}, machine: {}, options: { stylegan: {} } },
    checkpoint: { manifest: { meta: { info: { endOf: 16 } }, imagesSeen: 40_000 } },
  };
  const { values } = optionsOfSource(source as never); // the fields that it reads
  assert.deepEqual(values, { finalRate: 0.1, startResolution: 16, firstBlock: 4 });
});

Deno.test("a run warns where most of a network begins anew because its shapes are others", () => {
  const source = { run: { id: "00000-progan_sr-photos" } } as never; // of which no more is read
  const paths = { taken: ["a"], fresh: ["b", "c", "new"], left: ["b", "c"] };
  assert.match(
    warningOfShapes(source, [{ network: "generator", ...paths }])!,
    /^2 arrays of the generator have other shapes than in 00000-progan_sr-photos and begin anew/,
  );
  const grown = { ...paths, taken: ["a", "d"] };
  assert.equal(warningOfShapes(source, [{ network: "generator", ...grown }]), undefined);
  const fewer = { ...paths, left: ["old", "older"] }; // of a block that is no more
  assert.equal(warningOfShapes(source, [{ network: "generator", ...fewer }]), undefined);
});

Deno.test("a run warns where trained arrays have no place in its networks", () => {
  const phases = [
    { kind: "stabilize", resolution: 8, start: 0, end: 40 },
    { kind: "fade", resolution: 16, start: 40, end: 80 },
  ];
  const warned = (left: string[], imagesSeen: number, endOf?: number) => {
    const checkpoint = { manifest: { meta: { info: { endOf }, phases }, imagesSeen } };
    const source = { run: { id: "00000-progan_sr-photos" }, checkpoint } as never; // what is read
    return warningOfLeft(source, [
      { network: "discriminator", taken: ["a"], fresh: [], left: [] },
      { network: "generator", taken: ["a"], fresh: ["b"], left },
    ]);
  };
  assert.match(
    warned(["b", "g/8px/old", "older"], 20)!,
    /^2 trained arrays of the generator \(g\/8px\/old, older\) of 00000-progan_sr-photos have no/,
  );
  assert.equal(warned(["b"], 20), undefined, "of another shape, which is another warning's");
  assert.equal(warned([], 20), undefined);
  const fading = ["g/16px/conv", "g/8px/conv"];
  assert.match(warned(fading, 60)!, /^1 trained array of the generator \(g\/8px\/conv\)/);
  assert.equal(warned(fading.slice(0, 1), 40, 8), undefined, "it had only just begun to fade in");
});

Deno.test("a run warns where as many classes as before are others", () => {
  const from = (dataset: unknown) => ({ run: { id: "00000-stylegan-pets" }, saved: { dataset } });
  const named = from({ labels: ["cat", "dog"] }) as never; // all that is read
  const warned = (...labels: string[]) => warningOfClasses(named, { labels });
  assert.equal(
    warned("cat", "fox"),
    "the 2 classes are others than in 00000-stylegan-pets, and take over its weights by their " +
      'order: "fox" begins with the weights of "dog". To begin without classes, give --no-labels',
  );
  assert.match(warned("dog", "cat")!, /"dog" begins with the weights of "cat"/);
  assert.equal(warned("cat", "dog"), undefined);
  assert.equal(warned("cat"), undefined, "of other shapes: not taken over");
  assert.equal(warned(), undefined);

  const labels = ["0", "1"], classes = { of: "digest", clusters: 2, train: "0 1", heldOut: "" };
  const sorted = from({ labels, classes }) as never;
  assert.equal(warningOfClasses(sorted, { labels, classes }), undefined);
  assert.match(
    warningOfClasses(sorted, { labels, classes: { ...classes, of: "other pictures" } })!,
    /^the 2 classes are others .*: class 0 begins with .* class 0\. .* give --clusters 0$/,
  );
});
