/** Turns a recording into a graph: unused nodes are removed and equal ones are merged. */
import type { Attribute } from "../binding/attributes.ts";
import type { RecordedConstant, RecordedNode, Recording, Source, TensorType } from "./record.ts";

/** A node of the planned graph. */
export interface PlannedNode extends Omit<RecordedNode, "inputs"> {
  name: string;
  /** "name:output", or "^name" for a control dependency. */
  inputs: readonly string[];
}

/** A constant of the planned graph. */
export interface PlannedConstant extends RecordedConstant {
  name: string;
}

/** An input of the planned graph, and the input or capture of the recording that it stands for. */
export interface PlannedInput extends TensorType {
  name: string;
  source: { kind: "input" | "capture"; index: number };
}

/** The content of a GraphDef. */
export interface GraphPlan {
  inputs: PlannedInput[];
  constants: PlannedConstant[];
  /** In topological order. */
  nodes: PlannedNode[];
  /** "name:output" of each requested output. */
  outputs: string[];
}

/**
 * Plans a graph.
 * @param inputTypes types of the recording's inputs, in order
 * @param outputs the requested outputs
 * @param isStateful whether an op has side effects or draws random numbers: such ops are kept in
 * order and never merged
 */
export function planGraph(
  recording: Recording,
  inputTypes: readonly TensorType[],
  outputs: readonly Source[],
  isStateful: (op: string) => boolean,
): GraphPlan {
  const plan: GraphPlan = { inputs: [], constants: [], nodes: [], outputs: [] };
  const needed = neededNodes(recording, outputs, isStateful);
  const twins = new Map<string, string>(); // key of a node, constant or input → its name
  const names: (string | undefined)[] = []; // of each recorded node
  let lastStateful: string | undefined;

  recording.nodes.forEach((node, index) => {
    if (!needed.has(index)) return;
    const inputs = node.inputs.map(reference);
    const stateful = isStateful(node.op);
    if (stateful && lastStateful) inputs.push(`^${lastStateful}`);
    const key = `node ${node.op} ${attributesKey(node.attributes)} ${inputs.join(" ")}`;
    const twin = stateful ? undefined : twins.get(key);
    if (twin !== undefined) {
      names[index] = twin;
      return;
    }
    const name = `${node.op}_${plan.nodes.length}`;
    names[index] = name;
    plan.nodes.push({ ...node, name, inputs });
    if (stateful) lastStateful = name;
    else twins.set(key, name);
  });
  plan.outputs = outputs.map(reference);
  return plan;

  function reference(source: Source): string {
    if (source.kind === "node") return `${names[source.index]}:${source.output}`;
    if (source.kind === "constant") return `${constantName(source.index)}:0`;
    const key = `${source.kind} ${source.index}`;
    let name = twins.get(key);
    if (name === undefined) {
      name = `in${plan.inputs.length}`;
      const type = source.kind === "input"
        ? inputTypes[source.index]!
        : recording.captures[source.index]!.type; // sources point into the recording
      plan.inputs.push({ name, source: { kind: source.kind, index: source.index }, ...type });
      twins.set(key, name);
    }
    return `${name}:0`;
  }

  function constantName(index: number): string {
    const constant = recording.constants[index]!; // sources point into the recording
    const key = constantKey(constant) ?? `constant ${index}`;
    let name = twins.get(key);
    if (name === undefined) {
      name = `const${plan.constants.length}`;
      plan.constants.push({ ...constant, name });
      twins.set(key, name);
    }
    return name;
  }
}

/** The types of all endpoints, by "name:output". */
export function endpointTypes(plan: GraphPlan): Map<string, TensorType> {
  const types = new Map<string, TensorType>();
  for (const source of [...plan.inputs, ...plan.constants]) types.set(`${source.name}:0`, source);
  for (const { name, outputs } of plan.nodes) {
    outputs.forEach((type, i) => types.set(`${name}:${i}`, type));
  }
  return types;
}

/** The name of the node in "name:output" or "^name". */
export function nodeOf(endpoint: string): string {
  return endpoint.replace(/^\^/, "").split(":")[0]!; // split() returns at least one part
}

/** The number of elements of a tensor. */
export function sizeOf({ shape }: TensorType): number {
  return shape.reduce((product, size) => product * size, 1);
}

function neededNodes(
  recording: Recording,
  outputs: readonly Source[],
  isStateful: (op: string) => boolean,
): Set<number> {
  const needed = new Set<number>();
  const need = (source: Source) => {
    if (source.kind === "node") needed.add(source.index);
  };
  outputs.forEach(need);
  for (let index = recording.nodes.length - 1; index >= 0; index--) {
    const node = recording.nodes[index]!; // in range
    if (isStateful(node.op)) needed.add(index);
    if (needed.has(index)) node.inputs.forEach(need);
  }
  return needed;
}

/** Equal keys mean equal constants; large constants have no key and are never merged. */
function constantKey({ dtype, shape, bytes, uniform }: RecordedConstant): string | undefined {
  if (!(bytes instanceof Uint8Array) || bytes.length > 256) return undefined;
  return `constant ${dtype} [${shape.join()}] ${uniform} ${bytes.toHex()}`;
}

function attributesKey(attributes: readonly Attribute[]): string {
  return JSON.stringify(attributes.map(({ name, type, value }) => [name, type, value]));
}
