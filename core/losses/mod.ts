/** Re-exports. */
export * from "./adversarial_loss.ts";
export * from "./bce.ts";
export * from "./bce_minimax.ts";
export * from "./drift.ts";
export * from "./gradient_penalty.ts";
export * from "./hinge.ts";
export * from "./l1.ts";
export * from "./least_squares.ts";
export * from "./loss_by_name.ts";
export * from "./non_saturating.ts";
export * from "./r1.ts";
export * from "./stabilizers.ts";
export * from "./wgan.ts";
