/**
 * Operations that every backend must compute alike: those that models, losses and metrics consist
 * of.
 */
import { COMPOSED } from "./composed_cases.ts";
import { CONVOLUTIONS } from "./convolution_cases.ts";
import { CORE } from "./core_cases.ts";
import { DTYPE_CASES } from "./dtype_cases.ts";
import { ELEMENTWISE } from "./elementwise_cases.ts";
import { LAYERS } from "./layer_cases.ts";
import type { OpCase } from "./op_case.ts";
import { PADDING } from "./padding_cases.ts";
import { PRODUCTS, REDUCTIONS } from "./product_cases.ts";
import { SHAPES } from "./shape_cases.ts";

export const CASES: readonly OpCase[] = [
  ...CONVOLUTIONS,
  ...PADDING,
  ...PRODUCTS,
  ...REDUCTIONS,
  ...SHAPES,
  ...ELEMENTWISE,
  ...COMPOSED,
  ...CORE,
  ...LAYERS,
  ...DTYPE_CASES,
];
