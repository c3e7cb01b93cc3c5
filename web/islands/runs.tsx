import { RunsPage } from "../components/runs_page.tsx";
import { mount } from "../live/mount.tsx";

mount(RunsPage);
