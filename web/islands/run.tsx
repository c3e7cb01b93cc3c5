import { RunPage } from "../components/run_page.tsx";
import { mount } from "../live/mount.tsx";

mount(RunPage);
