/** For signals_test.ts: a process that never writes its checkpoint. */
import { stopSignals } from "../../cli/stop_signals.ts";

stopSignals((name) => console.log("first", name));
setInterval(() => {}, 1000);
console.log("ready");
