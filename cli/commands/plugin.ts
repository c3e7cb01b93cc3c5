/** `deno task plugin new`: writes a plugin that trains and passes its test. */
import { print, printJson } from "../terminal/print.ts";
import { join, relative, resolve } from "node:path";
import { type Command, Option } from "commander";
import { expectWritableFolder } from "../../core/expect_writable.ts";
import { UsageError } from "../errors.ts";
import { preparePluginFolder } from "../templates/plugin_folder.ts";
import { shellWord } from "../../core/run/shell_word.ts";
import { readmeOf } from "../templates/readme.ts";

type Kind = "model" | "add-on";

interface NewFlags {
  kind: Kind;
  dir: string;
  json?: true;
}

export function register(program: Command): void {
  const command = program.command("plugin").description("Create a plugin of your own");
  command.command("new").argument("<name>", "a-z, 0-9 and -, e.g. my-gan")
    .description("Create a folder with a working plugin, its test and a README")
    .addOption(
      new Option(
        "--kind <kind>",
        "A model creates the networks; an add-on extends a run of a model",
      ).choices(["model", "add-on"]).default("model"),
    )
    .option("--dir <folder>", "Folder in which the plugin's folder is created", ".")
    .option("--json", "Print the folder and the commands as JSON")
    .addHelpText(
      "after",
      `
Examples:
  deno task plugin new my-gan
  deno task plugin new my-penalty --kind add-on --dir ../my-plugins`,
    )
    .action(newPlugin);
}

async function newPlugin(name: string, { kind, dir, json }: NewFlags): Promise<void> {
  if (!/^[a-z][a-z0-9-]*$/.test(name)) {
    throw new UsageError(
      `Cannot name a plugin "${name}": expected a-z, 0-9 and -, starting with a letter, e.g. ` +
        `my-gan`,
    );
  }
  const parent = resolve(dir), folder = join(parent, name);
  await expectWritableFolder(parent, {
    purpose: "make a plugin in",
    advice: "Name another by --dir",
  });
  await Deno.mkdir(parent, { recursive: true });
  try {
    await Deno.mkdir(folder);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.AlreadyExists)) throw cause;
    throw new UsageError(
      `Cannot make ${folder}: expected a new folder, received one that exists. Choose another ` +
        `name or --dir`,
      { cause },
    );
  }
  const template = new URL(`../templates/${kind.replace("-", "_")}/`, import.meta.url);
  for (const file of ["mod.ts", "mod_test.ts"]) {
    const text = await (await fetch(new URL(file, template))).text();
    await Deno.writeTextFile(join(folder, file), text.replaceAll(`my-${kind}`, name));
  }
  const { cwd, lines } = await preparePluginFolder(parent);
  const path = "./" + relative(cwd, folder).replaceAll("\\", "/");
  const joined = kind === "add-on" ? "--plugin stylegan " : ""; // the model that the add-on joins
  const train = `deno task train ${joined}--plugin ${shellWord(`${path}/mod.ts`)}`;
  const test = `deno test -A ${shellWord(`${path}/`)}`;
  await Deno.writeTextFile(join(folder, "README.md"), readmeOf({ name, train, test }));
  if (json) {
    return printJson({ name, kind, folder, cwd, test, train, notes: lines });
  }
  print(`Made ${folder}: ${kind === "model" ? "a" : "an"} ${kind} with its test`);
  for (const line of lines) print(line);
  print(`Test it:   ${test}`);
  print(`Train it:  ${train}`);
  if (cwd !== Deno.cwd()) print(`(both in ${cwd})`);
}
