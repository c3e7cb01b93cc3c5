/**
 * tfjs as this project uses it: its core, the gradients of its ops, the ops as methods of tensors,
 * and the plain JavaScript backend. The import map maps `@tensorflow/tfjs` to this file, since the
 * real package brings along data and model loaders, a WebGL backend, polyfills and a command line:
 * fifty packages and 190 MB that nothing here uses.
 */
import "@tensorflow/tfjs-layers"; // the smallest Node build that registers the gradients
import "@tensorflow/tfjs-backend-cpu";
import "./tensor_methods.ts";

export * from "@tensorflow/tfjs-core";
