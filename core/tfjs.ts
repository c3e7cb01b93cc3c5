/**
 * tfjs as this project uses it: its core, the gradients of its ops, the ops as methods of tensors,
 * and the plain JavaScript backend. `@tensorflow/tfjs` is mapped to this file, since the package of
 * that name brings readers of data and models, a WebGL backend, polyfills and a command line with
 * it: fifty packages and 190 MB that nothing here calls.
 */
import "@tensorflow/tfjs-layers"; // the smallest build for Node that has the gradients in it
import "@tensorflow/tfjs-backend-cpu";
import "./tensor_methods.ts";

export * from "@tensorflow/tfjs-core";
