/** Add-ons that use the model's own methods, with the model that they are made for. */
import type { Plugin } from "../../core/mod.ts";
import { testPlugin } from "../../core/testing/mod.ts";
import ada from "../../plugins/addons/ada.ts";
import pathLength from "../../plugins/addons/path_length.ts";
import stylegan from "../../plugins/stylegan/mod.ts";

const joined = {
  model: stylegan as unknown as Plugin, // its hooks are called with its own options only
  modelValues: { latentSize: 4, mappingLayers: 2, channelBase: 64, channelMax: 6, channelMin: 4 },
};

testPlugin(pathLength, { ...joined, values: { resolution: 8, pathEvery: 2 } });
testPlugin(ada, { ...joined, values: { resolution: 8, adaTarget: -1, adaImages: 20 } });
