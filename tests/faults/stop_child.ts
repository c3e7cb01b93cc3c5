/**
 * For signals_test.ts: a process that never writes its checkpoint or, with the argument `end`, has
 * already written it; then it stops listening, and ends when its input ends.
 */
import { stopSignals } from "../../cli/terminal/stop_signals.ts";

const signals = stopSignals((name) => console.log("first", name));
if (Deno.args[0] === "end") {
  signals.signal.addEventListener("abort", async () => {
    signals.dispose();
    console.log("stopped");
    await Deno.stdin.read(new Uint8Array(1));
    Deno.exit(0);
  });
}
setInterval(() => {}, 1000);
console.log("ready");
