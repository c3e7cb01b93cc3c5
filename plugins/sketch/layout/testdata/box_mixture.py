"""Writes box_mixture.json: NumPy's float64 density of the mixture, and its gradient by central differences."""
import json
import numpy as np

K, N = 3, 5
rng = np.random.default_rng(7)
outputs = np.round(rng.normal(size=(N, 9 * K)), 4)
points = np.round(rng.normal(size=(N, 4)), 4)
points[3] = [40, -40, 25, 30]  # exp() of its exponents is 0 in float32
outputs[4, :K] = [60, -60, 0]


def nats(out, point):
    logits, means, raw = out[:K], out[K:5 * K].reshape(K, 4), out[5 * K:].reshape(K, 4)
    sigma = np.logaddexp(0, raw) + 0.05
    log_weights = logits - np.logaddexp.reduce(logits)
    normal = -0.5 * ((point - means) / sigma) ** 2 - np.log(sigma) - 0.5 * np.log(2 * np.pi)
    return -np.logaddexp.reduce(log_weights + normal.sum(1))


def gradient(out, point, h=1e-5):
    steps = np.eye(out.size) * h
    return [(nats(out + d, point) - nats(out - d, point)) / (2 * h) for d in steps]


json.dump(
    {
        "components": K,
        "outputs": outputs.flatten().tolist(),
        "points": points.tolist(),
        "nats": [nats(o, p) for o, p in zip(outputs, points)],
        "gradients": [[round(float(g), 9) for g in gradient(o, p)] for o, p in zip(outputs, points)],
    },
    open("box_mixture.json", "w"),
)
