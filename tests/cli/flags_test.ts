import assert from "node:assert/strict";
import { withFolder } from "../../core/testing/with_folder.ts";
import { runCli } from "./cli_process.ts";

for (
  const [name, args, expected] of [
    ["a misspelt command", ["sampel"], /Did you mean sample/],
    ["a misspelt flag", ["sample", "--seed", "3"], /Did you mean --seeds/],
    ["a misspelt subcommand", ["runs", "shwo"], /Did you mean "show"/],
    ["seeds that run backwards", ["sample", "--seeds", "5-1"], /Expected seeds such as/],
    ["a truncation out of range", ["walk", "--trunc", "9"], /from -2 to 2/],
    ["one seed to walk", ["walk", "--seeds", "3"], /two seeds or more/],
    [
      "a folder without runs",
      ["sample", "--runs", "none"],
      /received no such folder.*deno task train/,
    ],
    [
      "a resolution that is no power of two",
      ["data", "inspect", "--resolution", "12"],
      /power of two/,
    ],
    ["data as a flag", ["data", "inspect", "--data", "a b"], /deno task data inspect 'a b'/],
    [
      "data that isn't there",
      ["data", "inspect", "nowhere", "--cache", "."],
      /Cannot find the data/,
    ],
    ["a sheet that is no PNG", ["data", "inspect", "--sheet", "a.jpg"], /ends in \.png/],
    ["a colour by its name", ["train", "--background", "nocolour"], /such as "#ffffff"/],
    ["all data held out", ["data", "inspect", "--held-out", "1"], /from 0 to 0\.9/],
    ["a port in words", ["web", "--port", "http"], /a port from 0 to 65535/],
    [
      "a token on the command line, where every process sees it",
      ["web", "--token", "a"],
      /unknown option '--token'/,
    ],
    ["an add-on alone", ["train", "--plugin", "ada"], /received none\. Name the model, too/],
    [
      "a flag of images with sketches",
      ["train", "--plugin", "sketch", "--grey"],
      /Cannot use --grey: expected a model of images, received sketch/,
    ],
    [
      "labels to smooth where a loss has none",
      ["train", "--loss", "hinge", "--label-smoothing", "0.1"],
      /--label-smoothing .* no effect with --loss hinge/,
    ],
    [
      "a GPU for a backend that has none",
      ["train", "--backend", "wasm", "--device", "gpu"],
      /^error: Cannot compute on a GPU with the wasm backend/,
    ],
    [
      "a GPU to explore with on a backend that has none",
      ["web", "--backend", "cpu", "--device", "gpu"],
      /^error: Cannot compute on a GPU with the cpu backend/,
    ],
    [
      "a precision that a backend lacks",
      ["train", "--backend", "cpu", "--precision", "bfloat16"],
      /^error: Cannot use bfloat16 on the cpu backend/,
    ],
    ["no threads", ["doctor", "--threads", "0"], /whole number of 1 or more/],
    ["a name that every object has", ["constructor"], /unknown command/],
  ] as const
) {
  Deno.test(`${name} ends with code 2 and a message`, () =>
    withFolder(async (folder) => {
      const { code, stderr, stdout } = await runCli(args, folder);
      assert.equal(code, 2, stderr);
      assert.match(stderr, expected);
      assert.equal(stdout, "");
      assert.deepEqual(await Array.fromAsync(Deno.readDir(folder)), []);
    }));
}

Deno.test("the help names every command, those of plugins too", async () => {
  const { code, stdout } = await runCli(["--help"], Deno.cwd());
  assert.equal(code, 0);
  for (
    const name of [
      "train",
      "sample",
      "mix",
      "walk",
      "data",
      "runs",
      "metrics",
      "doctor",
      "upscale",
      "complete",
    ]
  ) {
    assert.match(stdout, new RegExp(`^  ${name} `, "m"));
  }
  for (const line of stdout.split("\n")) assert.ok(line.length <= 80, line);
});
