import type * as tf from "@tensorflow/tfjs";
import type { Parameters } from "../layers/mod.ts";
import type { StepContext } from "./step.ts";

/** The two networks of a GAN and how to draw from them. Returned by a model plugin's `build`. */
export interface Model {
  /** Weights trained by the generator's loss terms. */
  readonly generator: Parameters;
  /** Weights trained by the discriminator's loss terms. */
  readonly discriminator: Parameters;
  /** Length of z, where images can be drawn from latents alone. */
  readonly latentSize?: number;
  /**
   * Draws images from latents z [N, latentSize] with the current weights.
   * @returns [N, R, R, C] in [-1, 1]
   */
  generate?(z: tf.Tensor2D, options: GenerateOptions): tf.Tensor4D;
  /**
   * Draws images from two latents each, switching from coarse to fine at a layer (style mixing).
   */
  mix?(coarse: tf.Tensor2D, fine: tf.Tensor2D, options: MixOptions): tf.Tensor4D;
  /** Number of layers that take a style; bounds `MixOptions.crossover`. */
  styleLayers?(): number;
  /**
   * Draws styles [N, F], the latents as the image layers see them, as in a training step; tensor
   * code of a step.
   */
  styles?(step: StepContext): tf.Tensor2D;
  /**
   * Images [N, R, R, C] of `styles`. It lets a loss term differentiate the map from styles to
   * images.
   */
  synthesize?(styles: tf.Tensor2D, step: StepContext): tf.Tensor4D;
  /**
   * The space of w between the mapping network and the layers. It lets users edit and project
   * images.
   */
  readonly latentSpace?: LatentSpace;
}

/**
 * The intermediate latent space of a style-based generator (Karras et al. 2019, section 3): one w,
 * or one w per layer (w+). Its functions are tensor code that uses the current weights; it holds no
 * state.
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
   * w [N, F] pulled towards the mean w, or that of its class where labels are given; ψ as in
   * {@linkcode GenerateOptions}.
   */
  truncate(w: tf.Tensor2D, psi: number, labels?: tf.Tensor1D): tf.Tensor2D;
  /**
   * Images [N, R, R, C] of one w per layer: `styleLayers()` tensors [N, F]. Differentiable with
   * respect to them. The layers' noise is drawn as in a training step.
   */
  synthesize(styles: readonly tf.Tensor2D[], alpha: number): tf.Tensor4D;
  /**
   * Weight matrices [F, outputs] of a layer's affine maps of w, up to a factor common to all
   * layers. They belong to the network: don't dispose them.
   */
  styleWeights(layer: number): readonly tf.Tensor2D[];
}

/** How to draw images. */
export interface GenerateOptions {
  /** Weight of the newest block, 0 … 1. */
  alpha: number;
  /**
   * Truncation ψ: 1 draws from the full distribution, 0 draws the mean image, or that of each
   * class.
   */
  truncation: number;
  /**
   * The first style layer that is not truncated (Karras et al. 2019, appendix B). Default: all are
   * truncated.
   */
  truncationCutoff?: number;
  /** Class of each sample, int32 [N], where the data has labels. */
  labels?: tf.Tensor1D;
}

/** How to cross styles. */
export interface MixOptions extends GenerateOptions {
  /** First layer that takes the fine latent's style, 1 … styleLayers - 1. */
  crossover: number;
  /** Whether each layer takes the fine latent's style; overrides `crossover`. */
  layers?: readonly boolean[];
}
