/// <reference lib="dom" />
/** Pictures from seeds: one with controls, its neighbours, style mixing, a latent walk. */
import { latentOf } from "../../latents/seeded.ts";
import { LARGEST_SEED } from "../../seed.ts";
import { slerp } from "../../latents/walk_latents.ts";
import type { DrawPictureOptions, LatentGenerator } from "../generator/latent_generator.ts";
import { element, labelled, latest, paint, slider, type Tell } from "./dom.ts";

/** Number of neighbouring seeds shown. */
const NEIGHBOURS = 8;

/** The valid seed nearest to a number that leaves room for its neighbours. */
const seedNear = (n: number): number =>
  Math.min(LARGEST_SEED - NEIGHBOURS, Math.max(0, Math.floor(n) || 0));
/** Frames from one seed of a walk to the next. */
const FRAMES = 30;

/** The state of the controls. */
interface Settings {
  seed: number;
  truncation: number;
  label: number | undefined;
  directions: Record<string, number>;
  mix: { seed: number; from: number } | undefined;
}

export function latentView(generator: LatentGenerator, tell: Tell): Node[] {
  const { facts } = generator, layers = facts.layers;
  const settings: Settings = {
    seed: 0,
    truncation: 0.7,
    label: undefined,
    directions: {},
    mix: undefined,
  };
  const main = element("canvas", { className: "main", id: "picture" });
  const time = element("output", { className: "quiet", id: "time" });
  const strip = element("div", { className: "strip" });
  const draw = latest(tell);
  // That the strip succeeds says nothing of the picture.
  const drawStrip = latest((error) => error === undefined || tell(error));
  /** The walk that is under way. */
  let walking: { isOver: boolean } | undefined;

  const optionsOf = (seed: number): DrawPictureOptions => ({
    seed,
    truncation: settings.truncation,
    directions: settings.directions,
    ...(settings.label === undefined ? {} : { label: settings.label }),
    ...(settings.mix ? { mix: settings.mix } : {}),
  });
  const show = () =>
    draw(async () => {
      const started = performance.now();
      paint(main, await generator.generate(optionsOf(settings.seed)));
      time.textContent = `${Math.round(performance.now() - started)} ms`;
      main.dataset.drawn = JSON.stringify(settings);
    });
  const showAll = () => {
    show();
    drawStrip(async () => {
      const first = settings.seed + 1;
      for (let i = 0; i < NEIGHBOURS; i++) {
        const seed = first + i, cell = strip.children[i] as HTMLButtonElement; // made below
        paint(
          cell.querySelector("canvas")!, // made below
          await generator.generate({ ...optionsOf(seed), directions: {} }),
        );
        cell.title = `Seed ${seed}`;
        cell.dataset.seed = String(seed);
        if (settings.seed + 1 !== first) return; // another seed was chosen meanwhile
      }
    });
  };

  const seedInput = element("input", { type: "number", min: "0", value: "0", id: "seed" });
  const choose = (seed: number) => {
    settings.seed = seedNear(seed);
    seedInput.value = String(settings.seed);
    showAll();
  };
  seedInput.addEventListener("change", () => choose(Number(seedInput.value)));
  for (let i = 0; i < NEIGHBOURS; i++) {
    const cell = element("button", { type: "button" }, element("canvas"));
    cell.addEventListener("click", () => choose(Number(cell.dataset.seed)));
    strip.append(cell);
  }
  const random = element("button", { type: "button" }, "Another");
  random.addEventListener("click", () => choose(Math.floor(Math.random() * 1e6)));

  const save = element("button", { type: "button" }, "Save PNG");
  save.addEventListener("click", () => {
    const link = element("a", { href: main.toDataURL(), download: `seed${settings.seed}.png` });
    link.click();
  });
  const walk = element("button", { type: "button", id: "walk" }, "Walk");
  walk.addEventListener("click", () => {
    if (walking) stopWalking();
    else {
      walking = { isOver: false };
      walk.textContent = "Stop";
      void walkOn(walking).catch((error) => {
        stopWalking();
        tell(error);
      });
    }
  });

  function stopWalking(): void {
    if (walking) walking.isOver = true;
    walking = undefined;
    walk.textContent = "Walk";
  }

  async function walkOn(own: { readonly isOver: boolean }): Promise<void> {
    const noise = settings.seed; // the noise stays fixed
    while (!own.isOver) {
      const [from, to] = [settings.seed, settings.seed + 1].map((s) =>
        latentOf(s, facts.latentSize)
      ) as [
        Float32Array,
        Float32Array,
      ]; // two
      for (let i = 0; i < FRAMES && !own.isOver; i++) {
        const latent = slerp(from, to, i / FRAMES);
        paint(main, await generator.generate({ ...optionsOf(noise), latent }));
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
      if (!own.isOver) seedInput.value = String(++settings.seed);
    }
    showAll();
  }

  const controls = element(
    "div",
    { className: "controls" },
    labelled("Seed", seedInput),
    element("div", { className: "buttons" }, random, walk, save),
    slider("Truncation ψ", { min: 0, max: 1.5, step: 0.05, value: 0.7 }, (value) => {
      settings.truncation = value;
      showAll();
    }),
  );
  if (facts.labels.length > 0) {
    const options = ["Each seed its own", ...facts.labels].map((name, i) =>
      element("option", { value: String(i - 1) }, name)
    );
    const select = element("select", { id: "label" }, ...options);
    select.addEventListener("change", () => {
      const number = Number(select.value);
      settings.label = number < 0 ? undefined : number;
      showAll();
    });
    controls.append(labelled("Class", select));
  }
  if (layers > 1) controls.append(mixControls());
  if (facts.directions.length > 0) controls.append(directionControls());
  showAll();
  return [
    controls,
    element("figure", {}, main, element("figcaption", {}, time), strip),
  ];

  function mixControls(): HTMLElement {
    const seed = element("input", { type: "number", min: "0", placeholder: "none", id: "mix" });
    let from = Math.floor(layers / 2);
    const changed = () => {
      settings.mix = seed.value === "" ? undefined : { seed: seedNear(Number(seed.value)), from };
      showAll();
    };
    seed.addEventListener("change", changed);
    return element(
      "fieldset",
      {},
      element("legend", {}, "Mix styles"),
      labelled("Seed of the finer layers", seed),
      slider("From layer", { min: 1, max: layers - 1, step: 1, value: from }, (value) => {
        from = value;
        changed();
      }),
    );
  }

  function directionControls(): HTMLElement {
    const sliders = facts.directions.map(({ name }) =>
      slider(name, { min: -4, max: 4, step: 0.25, value: 0 }, (value) => {
        if (value === 0) delete settings.directions[name];
        else settings.directions[name] = value;
        show();
      })
    );
    return element("details", { open: true }, element("summary", {}, "Directions"), ...sliders);
  }
}
