import assert from "node:assert/strict";
import { type AdaLabels, parseAdaLabels } from "./ada_labels.ts";
import { labelFiles } from "./label_files.ts";
import { isSystemFile } from "../../core/images/mod.ts";

const found = (paths: readonly string[]) =>
  paths.map((path) => ({ path, bytes: 1, modified: 0, read: () => Promise.reject() }));

/** "split:label" of each path, in the order of the paths. */
function labelled(paths: readonly string[], ada?: AdaLabels): string[] {
  const { files } = labelFiles(found(paths), ada);
  return paths.map((path) => {
    const { label, split } = files.find((file) => file.path === path)!; // one a path
    return split ? `${split}:${label}` : label;
  });
}

Deno.test("folders of a split are the split, and the folders in them the labels", () => {
  assert.deepEqual(
    labelled(["train/cat/1.png", "train/dog/2.png", "test/cat/1.png", "val/dog/3.png"]),
    ["train:cat", "train:dog", "held-out:cat", "held-out:dog"],
  );
  assert.deepEqual(labelled(["set/Train/1.png", "set/Test/2.png"]), ["train:", "held-out:"]);
  assert.deepEqual(
    labelled(["cat/train/1.png", "cat/test/2.png", "dog/train/3.png", "dog/test/4.png"]),
    ["train:cat", "held-out:cat", "train:dog", "held-out:dog"],
  );
  assert.deepEqual(
    labelled(["trainA/1.png", "trainB/2.png", "testA/3.png", "testB/4.png"]),
    ["train:A", "train:B", "held-out:A", "held-out:B"],
  );
  assert.deepEqual(
    labelled(["train/cat/1.png", "test/cat/2.png", "cover.png"]),
    ["train:cat", "held-out:cat", "train:"],
  );
});

Deno.test("a folder that happens to be called train is a label beside others", () => {
  assert.deepEqual(labelled(["train/1.png", "bus/2.png"]), ["train", "bus"]);
  assert.deepEqual(labelled(["train/1.png", "training/2.png"]), ["train", "training"]);
  assert.deepEqual(labelled(["test/1.png", "dev/2.png"]), ["test", "dev"]);
});

Deno.test(
  "folders that hold a thousand files each are no labels; numbers that are classes " +
    "are",
  () => {
    assert.deepEqual(labelled(["00000/img00000007.png", "00001/img00001003.png"]), ["", ""]);
    assert.deepEqual(labelled(["00000/00007.png", "01000/01003.png"]), ["", ""]);
    assert.deepEqual(labelled(["0/00007.png", "1/01003.png"]), ["0", "1"]);
    assert.deepEqual(labelled(["00000/a.png", "00001/b.png"]), ["00000", "00001"]);
  },
);

Deno.test("dataset.json gives the labels, in the order of their numbers", () => {
  const paths = ["00000/img00000000.png", "00000/img00000001.png", "00001/img00001000.png"];
  const json = (labels: unknown) => parseAdaLabels(JSON.stringify({ labels }), "dataset.json")!;
  const pairs = paths.map((path, i) => [path, 5 * i]);
  assert.deepEqual(labelled(paths, json(pairs)), ["00", "05", "10"]);
  assert.deepEqual(labelled(paths, json(Object.fromEntries(pairs))), ["00", "05", "10"]);
  const oneHot = paths.map((path, i) => [path, [0, 1, 2].map((k) => k === i ? 1 : 0)]);
  assert.deepEqual(labelled(paths, json(oneHot)), ["0", "1", "2"]);
  assert.deepEqual(labelled(paths, json(null)), ["", "", ""]);
  const named = paths.map((path, i) => [path, i === 1 ? "dog" : "cat"]);
  assert.deepEqual(labelled(paths, json(named)), ["cat", "dog", "cat"]);
  const inside = parseAdaLabels(JSON.stringify({ labels: pairs }), "set/dataset.json")!;
  assert.deepEqual(labelled(paths.map((path) => `set/${path}`), inside), ["00", "05", "10"]);
  const { notes } = labelFiles(found([...paths, "more.png"]), json(pairs));
  assert.deepEqual(notes, [
    "labels are those of dataset.json",
    "files that are not in dataset.json have no label: 1",
  ]);
});

Deno.test(
  "a dataset.json of something else is skipped, labels that are no classes with a " +
    "note",
  () => {
    assert.equal(parseAdaLabels("{", "dataset.json"), undefined);
    assert.equal(parseAdaLabels('{"name": "cats"}', "dataset.json"), undefined);
    assert.equal(parseAdaLabels('{"labels": 7}', "dataset.json"), undefined);
    for (const labels of [[["a.png", 0.5]], [["a.png", [0.1, 0.2]]], ["a.png"]]) {
      const ada = parseAdaLabels(JSON.stringify({ labels }), "set/dataset.json")!;
      const { files, notes, noLabels } = labelFiles(found(["set/x/a.png", "set/y/b.png"]), ada);
      assert.deepEqual(files.map(({ label }) => label), ["", ""]);
      const [first] = labels;
      assert.deepEqual(notes, [
        `labels of dataset.json are ignored, because they are not classes: ${
          JSON.stringify(first)
        }`,
      ]);
      assert.equal(noLabels!.path, "set/dataset.json");
      assert.match(noLabels!.why, /^a class for each file .*, received /);
    }
    const names = parseAdaLabels('{"labels": {"0": "cat"}}', "dataset.json")!;
    assert.match(labelFiles(found(["0.png"]), names).noLabels!.why, /received those of others$/);
  },
);

Deno.test("names that look equal are one class, whether their accents are composed or not", () => {
  assert.deepEqual(new Set(labelled(["caf\u00e9/1.png", "cafe\u0301/2.png", "x/3.png"])).size, 2);
});

Deno.test("isSystemFile() knows what systems leave behind, and nothing that people make", () => {
  const theirs = [
    ...[
      "@eaDir/1.png/SYNOPHOTO_THUMB_M.png",
      "a/@eaDir",
      "__MACOSX/._a.png",
      "._a.png",
      ".DS_Store",
    ],
    ...[
      "Thumbs.db",
      "thumbs.db",
      "desktop.ini",
      "#recycle/1.png",
      "lost+found",
      "$RECYCLE.BIN/1.png",
    ],
    ...["System Volume Information", "a.jpg@SynoEAStream", ".Trash-1000/1.png", "found.000/1.png"],
    ...["@Recycle/a.png", ".@__thumb/a.png", "Icon\r", "ehthumbs.db", "Picasa.ini"],
  ];
  assert.deepEqual(theirs.filter((path) => !isSystemFile(path)), []);
  const ours = [
    "eaDir/1.png",
    "thumbs/1.png",
    "recycle/1.png",
    "lost/found.png",
    "icon/1.png",
    "..a",
  ];
  assert.deepEqual(ours.filter(isSystemFile), []);
});
