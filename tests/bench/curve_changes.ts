/** What it costs a page to respond to its reader. */

/**
 * Runs in the page: measures the main-thread time of each change until it is painted, ms. A change
 * waits for the next frame and is over once that has been painted.
 */
export const CHANGES = `(async () => {
  const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const timed = async (count, change) => {
    const all = [];
    for (let i = 0; i < count; i++) {
      await frame();
      const began = performance.now();
      change(i);
      await frame();
      all.push(performance.now() - began);
    }
    return all.sort((a, b) => a - b);
  };
  const over = document.querySelectorAll(".plot canvas + canvas")[0];
  const { left, top, width } = over.getBoundingClientRect();
  const at = (type, x) => {
    const place = { clientX: left + x, clientY: top + 90 };
    over.dispatchEvent(new PointerEvent(type, { bubbles: true, ...place }));
  };
  const slider = document.querySelector(".smoothing input");
  const set = (value) => {
    slider.value = value;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const still = await timed(20, () => {});
  return {
    "a frame without any change": still,
    "the cursor of all charts": await timed(60, (i) => at("pointermove", 70 + i * (width - 90) / 60)),
    "smoothing anew": await timed(20, (i) => set(0.5 + i / 50)),
    "a zoom": await timed(20, (i) => {
      const plot = document.querySelector(".plot");
      plot.dispatchEvent(new KeyboardEvent("keydown", { key: i % 4 === 3 ? "0" : "+", bubbles: true }));
    }),
  };
})()`;
