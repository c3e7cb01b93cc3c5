import { ExplorePage } from "../components/explore_page.tsx";
import { mount } from "../live/mount.tsx";

mount(ExplorePage);
