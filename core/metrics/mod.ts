export * from "./project.ts";
export * from "./project_tfjs.ts";
export * from "./swd.ts";
