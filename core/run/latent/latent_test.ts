/** The mathematics of directions, compared with known results. */
import assert from "node:assert/strict";
import { Random, seedFor } from "../../random.ts";
import {
  factoriseStyles,
  type HostMatrix,
  principalComponents,
  spreadAlong,
} from "./directions_of.ts";
import { originOf, parseEdit } from "./find_directions.ts";
import { separatingDirection } from "./separating_direction.ts";
import { layersNamed } from "./style_layers.ts";
import { between, crossed, edited, type StyledImage } from "./styled_image.ts";
import { symmetricEigen } from "../../metrics/symmetric_eigen.ts";

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, x, i) => sum + x * b[i]!, 0); // same length

function near(actual: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
}

/** The columns of a random orthogonal matrix, a product of reflections I - 2 u uᵀ. */
function orthogonal(n: number, seed: number): number[][] {
  const random = new Random(seedFor(seed, "test/orthogonal"));
  let q = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => Number(i === j)));
  for (let k = 0; k < 3; k++) {
    const u = [...random.normals(n)], length = dot(u, u);
    q = q.map((row) => {
      const along = 2 * dot(row, u) / length;
      return row.map((x, i) => x - along * u[i]!);
    });
  }
  return q;
}

Deno.test("symmetricEigen() finds back the spectrum that a matrix was made of", () => {
  const values = [9, 4, 3.5, 1, 0.25, -2], n = values.length, q = orthogonal(n, 1);
  const matrix = new Float64Array(n * n);
  values.forEach((value, k) => {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) matrix[i * n + j]! += value * q[k]![i]! * q[k]![j]!;
    }
  });
  const { values: found, vectors } = symmetricEigen(matrix, n);
  values.forEach((value, k) => {
    near(found[k]!, value, 1e-12);
    near(Math.abs(dot(vectors[k]!, q[k]!)), 1, 1e-12);
    const largest = vectors[k]!.reduce((a, b) => Math.abs(b) > Math.abs(a) ? b : a);
    assert.ok(largest > 0, "one sign of the two");
  });
  assert.throws(() => symmetricEigen([1, NaN, NaN, 1], 2), /2·2 finite numbers/);
});

Deno.test("factoriseStyles() is the eigen decomposition of A Aᵀ with outputs of length 1", () => {
  // Outputs (columns) e0, e0, e0 of the first layer, e1, e1 of the second and e2, whatever their
  // lengths: A Aᵀ = diag(3, 2, 1).
  const first = { data: Float32Array.of(5, -2, 1, 0, 0, 0, 0, 0, 0), rows: 3, columns: 3 };
  const second = { data: Float32Array.of(0, 0, 0, 7, 0.1, 0, 0, 0, -4), rows: 3, columns: 3 };
  const found = factoriseStyles([first, second]);
  [[1, 0, 0], [0, 1, 0], [0, 0, 1]].forEach((vector, i) => {
    near(dot(found[i]!.vector, vector), 1, 1e-6);
    near(found[i]!.share, (3 - i) / 6, 1e-6);
  });
  assert.throws(() => factoriseStyles([]), /received none/);
});

Deno.test(
  "principalComponents() of rows of a known covariance are its axes, spreads its " +
    "deviations",
  () => {
    const deviations = [3, 1.5, 0.5], q = orthogonal(3, 2), rows = 20_000;
    const random = new Random(seedFor(3, "test/rows")), data = new Float32Array(rows * 3);
    for (let r = 0; r < rows; r++) {
      deviations.forEach((deviation, k) => {
        const along = deviation * random.normal();
        for (let i = 0; i < 3; i++) data[r * 3 + i]! += along * q[k]![i]! + (k === 0 ? 10 : 0);
      });
    }
    const w = { data, rows, columns: 3 }, found = principalComponents(w);
    deviations.forEach((deviation, k) => {
      near(Math.abs(dot(found[k]!.vector, q[k]!)), 1, 1e-3);
      near(spreadAlong(w, found[k]!.vector) / deviation, 1, 0.02); // 4 standard errors of 20,000
      near(found[k]!.share, deviation ** 2 / 11.5, 0.01); // 9 + 2.25 + 0.25
    });
  },
);

Deno.test(
  "separatingDirection() finds the axis that separates two clouds, and not the one of " +
    "most spread",
  () => {
    const random = new Random(seedFor(5, "test/clouds")), rows = 400, columns = 4;
    const isMarked = Array.from({ length: rows }, (_, i) => i % 3 === 0);
    const data = new Float32Array(rows * columns);
    isMarked.forEach((marked, r) => {
      data[r * columns] = 10 * random.normal(); // variance unrelated to the classes
      data[r * columns + 1] = 0.3 * random.normal();
      data[r * columns + 2] = 5 + (marked ? 2 : -2) + 0.3 * random.normal();
      data[r * columns + 3] = 0.3 * random.normal();
    });
    const matrix: HostMatrix = { data, rows, columns };
    const { vector, accuracy } = separatingDirection(matrix, isMarked);
    assert.equal(accuracy, 1);
    assert.ok(vector[2]! > 0.99, `${vector}`);
    const turned = separatingDirection(matrix, isMarked.map((marked) => !marked));
    near(dot(turned.vector, vector), -1, 1e-3);
    assert.throws(() => separatingDirection(matrix, isMarked.map(() => true)), /both groups/);
  },
);

Deno.test("layers are named by thirds, numbers and ranges", () => {
  assert.deepEqual(layersNamed("all", 4), [0, 1, 2, 3]);
  assert.deepEqual(
    ["coarse", "middle", "fine"].map((word) => layersNamed(word, 10)),
    [[0, 1, 2], [3, 4, 5, 6], [7, 8, 9]],
  );
  assert.deepEqual(layersNamed("3,0-1,1", 4), [0, 1, 3]);
  for (const wrong of ["4", "2-1", "", "-1", "fines"]) {
    assert.throws(() => layersNamed(wrong, 4), /Cannot use layers/);
  }
});

Deno.test("parseEdit() reads numbers, methods, names, amounts and layers", () => {
  assert.deepEqual(parseEdit("3:+2.5"), { method: "sefa", number: 3, amount: 2.5 });
  assert.deepEqual(parseEdit("PCA12:-1@fine"), {
    method: "pca",
    number: 12,
    amount: -1,
    layers: "fine",
  });
  assert.deepEqual(parseEdit("big-smile:2@0-3,5"), {
    name: "big-smile",
    amount: 2,
    layers: "0-3,5",
  });
  assert.deepEqual(parseEdit("улыбка:-2"), { name: "улыбка", amount: -2 });
  const amounts = ["3:.5", "3:-.5", "3:+.5", "3:1e-1@fine", "3:1_0"].map((t) =>
    parseEdit(t).amount
  );
  assert.deepEqual(amounts, [0.5, -0.5, 0.5, 0.1, 10]);
  assert.equal(originOf({ method: "pca", number: 2 }), "pca2");
  for (const wrong of ["0:1", "3", "3:", "smile:x", "3:1@", ":2", "3:+-1", "3:1:2"]) {
    assert.throws(() => parseEdit(wrong), SyntaxError);
  }
});

Deno.test(
  "styles are moved in their layers alone, crossed and interpolated; the noise " +
    "stays",
  () => {
    const image = (value: number): StyledImage => ({
      styles: [0, 1, 2].map((layer) => Float32Array.of(value + layer, value)),
      noise: value,
    });
    const rows = ({ styles }: StyledImage) => styles.map((w) => [...w]);
    const step = Float32Array.of(1, -1);
    const moved = edited(image(10), [
      { step, amount: 2, layers: [1, 2] },
      { step, amount: -1, layers: [2] },
    ]);
    assert.deepEqual(rows(moved), [[10, 10], [13, 8], [13, 9]]);
    assert.equal(moved.noise, 10);
    const mixed = crossed(image(10), image(20), (layer) => layer >= 1);
    assert.deepEqual(rows(mixed), [[10, 10], [21, 20], [22, 20]]);
    assert.equal(mixed.noise, 10);
    assert.deepEqual(rows(between(image(10), image(20), 0.25))[1], [13.5, 12.5]);
  },
);
