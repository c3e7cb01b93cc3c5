import { ComparePage } from "../components/compare_page.tsx";
import { mount } from "../live/mount.tsx";

mount(ComparePage);
