/** Parts of a run's page that are loaded together when one of them comes near the screen. */
export { ChangeMap } from "./change_map.tsx";
export { Forecast } from "./forecast.tsx";
export { Growth } from "./growth.tsx";
export { Networks } from "./networks.tsx";
export { PluginPanels } from "./plugin_panels.tsx";
export { Settings } from "./settings.tsx";
export { Workers } from "./workers.tsx";
