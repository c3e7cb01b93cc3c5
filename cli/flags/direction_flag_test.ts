import assert from "node:assert/strict";
import { parseEdit } from "../../core/run/latent/find_directions.ts";
import { directionsNotInName, namedDirections } from "./direction_flag.ts";

Deno.test("directions that move otherwise have other names in that of a file", () => {
  const named = (...texts: string[]) => namedDirections(texts.map(parseEdit));
  assert.equal(
    named("3:2.5@fine", "pca2:-1", "smile:2@0-1,3"),
    "-sefa3+2.5@fine-pca2-1-smile+2@0-1,3",
  );
  assert.notEqual(named("1:2@1"), named("1:21"));
  assert.equal(directionsNotInName([parseEdit("smile:2"), parseEdit("1:2")]), undefined);
  const [one, two] = [[parseEdit("a-1-b:2")], [parseEdit("a:-1"), parseEdit("b:2")]];
  assert.equal(namedDirections(one), namedDirections(two));
  assert.notDeepEqual(directionsNotInName(one), directionsNotInName(two));
});
