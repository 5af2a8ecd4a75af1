import { InferenceSession, Tensor } from 'onnxruntime-node';

import { freeExtent, Graph } from '../../../../models/compute/onnx/graph';

/** Runs a model with float32 inputs. @returns The values of all outputs. */
async function run(graph: Graph, inputs: Record<string, [number[], number[]]>): Promise<Record<string, number[]>> {
  const session = await InferenceSession.create(graph.toModel('test').bytes);
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, [values, dims]]) => [
      name,
      new Tensor('float32', Float32Array.from(values), dims),
    ]),
  );
  const results = await session.run(feeds);
  await session.release();
  return Object.fromEntries(
    Object.entries(results).map(([name, { data }]) => [name, Array.from(data as Float32Array)]),
  );
}

describe('Graph', () => {
  it('makes equal nodes and equal constants once', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2]);
    const constant = (value: number) => graph.constant('float32', [], Float32Array.of(value));
    expect(constant(3)).toBe(constant(3));
    expect(constant(3)).not.toBe(constant(4));
    expect(graph.constant('int32', [], Int32Array.of(3))).not.toBe(graph.constant('int32', [1], Int32Array.of(3)));
    const add = () => graph.node('Add', [x, constant(3)], 'float32', [2]);
    expect(add()).toBe(add());
    expect(graph.node('Add', [constant(3), x], 'float32', [2])).not.toBe(add());
    const sum = (axis: number) => graph.node('Softmax', [x], 'float32', [2], { axis });
    expect(sum(0)).toBe(sum(0));
    expect(sum(0)).not.toBe(sum(-1));
  });

  it('leaves out what no output needs, inputs too', () => {
    const graph = new Graph();
    const [x, y] = ['x', 'y'].map((name) => graph.input(name, 'float32', [2]));
    graph.output(graph.node('Neg', [x], 'float32', [2]));
    const small = graph.toModel('test').bytes.length;
    graph.node('Mul', [y, graph.constant('float32', [100], new Float32Array(100).fill(1))], 'float32', [100]);
    const { bytes, inputNames } = graph.toModel('test');
    expect([bytes.length, [...inputNames]]).toEqual([small, ['x']]);
  });

  it('gives each output a name of its own, also for an input and for one value twice', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [1]);
    const negative = graph.node('Neg', [x], 'float32', [1]);
    const names = [x, negative, negative, graph.constant('float32', [1], Float32Array.of(7))].map((value) =>
      graph.output(value),
    );
    expect(new Set(names).size).toBe(4);
    const results = await run(graph, { x: [[5], [1]] }); // prettier-ignore
    expect(names.map((name) => results[name][0])).toEqual([5, -5, -5, 7]);
  });
});

describe('Graph.isFree', () => {
  it('is true of the free extents of the graph and their multiples, and of no other number', () => {
    const free = [0, 1, 2].map(freeExtent);
    const graph = new Graph(free);
    expect([...free, free[0] * free[1], free[2] * 3].map((extent) => graph.isFree(extent))).toEqual(
      Array(5).fill(true),
    );
    expect([0, 1, 64, 65_536, freeExtent(3)].map((extent) => graph.isFree(extent))).toEqual(Array(5).fill(false));
    expect(() => freeExtent(4)).toThrow('expected at most 4 free extents, got more');
  });
});
