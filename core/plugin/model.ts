/** A model: its two networks and how to draw from them. */
import type * as tf from "@tensorflow/tfjs";
import type { Parameters } from "../layers/mod.ts";
import type { StepContext } from "./step.ts";

/** The two networks of a GAN and how to draw from them. Made by a model's `build`. */
export interface Model {
  /** Weights that the generator's terms train. */
  readonly generator: Parameters;
  /** Weights that the discriminator's terms train. */
  readonly discriminator: Parameters;
  /** Length of z, where images can be drawn from latents alone. */
  readonly latentSize?: number;
  /**
   * Images of latents, by the weights that are set when it is called.
   * @returns [N, R, R, C] in [-1, 1]
   */
  generate?(z: tf.Tensor2D, options: GenerateOptions): tf.Tensor4D;
  /** Images of two latents each, styles crossed at a layer (style mixing). */
  mix?(coarse: tf.Tensor2D, fine: tf.Tensor2D, options: MixOptions): tf.Tensor4D;
  /** How many layers take a style: the range of `MixOptions.crossover`. */
  styleLayers?(): number;
  /**
   * Latents as the image layers see them, drawn as a step draws them; tensor code of a step. [N, F]
   */
  styles?(step: StepContext): tf.Tensor2D;
  /** Images [N, R, R, C] of `styles`: with it, a term sees the map from styles to images. */
  synthesize?(styles: tf.Tensor2D, step: StepContext): tf.Tensor4D;
  /**
   * The space of w between the mapping network and the layers: with it, images can be steered and
   * projected.
   */
  readonly latentSpace?: LatentSpace;
}

/**
 * The intermediate latent space of a style-based generator (Karras et al. 2019, section 3): one w,
 * or a w a layer (w+). Tensor code by the weights that are set when it is called; it holds nothing.
 */
export interface LatentSpace {
  /** F, the length of w. */
  readonly size: number;
  /**
   * The mapping network, before truncation.
   * @param labels int32 [N], where the data has labels
   * @returns w [N, F] of z [N, latentSize]
   */
  map(z: tf.Tensor2D, labels?: tf.Tensor1D): tf.Tensor2D;
  /**
   * w pulled to the mean, or to that of its class where there are labels; ψ as in
   * {@linkcode GenerateOptions}. [N, F]
   */
  truncate(w: tf.Tensor2D, psi: number, labels?: tf.Tensor1D): tf.Tensor2D;
  /**
   * Images [N, R, R, C] of a w a layer, `styleLayers()` of them, [N, F] each; differentiable by
   * them. The layers' noise is drawn as in a step.
   */
  synthesize(styles: readonly tf.Tensor2D[], alpha: number): tf.Tensor4D;
  /**
   * What the affine maps of a layer's style do to w: matrices [F, outputs], up to a factor that is
   * the same for all layers. They belong to the network: not to be disposed.
   */
  styleWeights(layer: number): readonly tf.Tensor2D[];
}

/** How to draw images. */
export interface GenerateOptions {
  /** Weight of the newest block, 0 … 1. */
  alpha: number;
  /** Truncation ψ: 1 draws from all, 0 the mean image, or that of each class. */
  truncation: number;
  /**
   * The first style layer that is not truncated (Karras et al. 2019, appendix B). Absent: all are.
   */
  truncationCutoff?: number;
  /** Class of each sample, int32 [N], where the data has labels. */
  labels?: tf.Tensor1D;
}

/** How to cross styles. */
export interface MixOptions extends GenerateOptions {
  /** First layer that takes the fine latent's style, 1 … styleLayers - 1. */
  crossover: number;
  /** For each layer, whether it takes the fine latent's style; instead of `crossover`. */
  layers?: readonly boolean[];
}
