import 'reflect-metadata';

import { toGlobalId } from '../../../graphql/common/global-id';
import { serveFakeApi } from '../../support/fake-api';
import { MODEL } from '../../support/fake-ports';
import { OPERATIONS } from '../../support/operations';

const api = serveFakeApi();

describe('ModelVersionResolver', () => {
  it('Models reads a page of versions, with all their metrics, or those that are named', async () => {
    const baseline = { name: 'baseline.markov.mrr', value: 0.25, low: 0.2, high: 0.3 };
    jest.spyOn(api.app.services.models, 'versions').mockResolvedValueOnce({
      edges: [{ node: { ...MODEL, metrics: [...MODEL.metrics, baseline] }, cursor: 'a' }],
      hasNextPage: false,
    });
    const { activeModel, modelVersions } = (await api.reader.execute(OPERATIONS.models)).expectData();
    expect(activeModel).toEqual({ id: toGlobalId('ModelVersion', 1), number: 1 });
    expect(modelVersions.nodes).toHaveLength(1);
    expect(modelVersions.nodes[0]).toMatchObject({ status: 'ACTIVE', createdAt: MODEL.createdAt.toISOString() });
    expect(modelVersions.nodes[0].metrics).toEqual([...MODEL.metrics, baseline]);
    const [first] = MODEL.metrics;
    const query = `{ activeModel { metrics(names: ["no such", "${first.name}"]) { name value } } }`;
    const named = (await api.reader.execute(query)).expectData().activeModel.metrics;
    expect(named).toEqual([{ name: first.name, value: first.value }]);
  });

  it('aboveStrongestBaseline names the method with the best NDCG@10, of the lists that tell how good a version is', async () => {
    const metrics = [
      metric('baseline.markov.ndcg@10', 0.2),
      metric('baseline.ease.ndcg@10', 0.3),
      metric('above.strongest-baseline.ndcg@10', 0.01),
      metric('seen-kept.baseline.own-items.ndcg@10', 0.9),
      metric('seen-kept.above.strongest-baseline.ndcg@10', -0.1),
    ];
    const repeats = metric('targets.repeated', 0.6);
    const versions = [metrics, [...metrics, repeats], [...metrics.slice(0, 3), repeats], MODEL.metrics];
    jest.spyOn(api.app.services.models, 'versions').mockResolvedValueOnce({
      edges: versions.map((some, i) => ({ node: { ...MODEL, id: i + 1, metrics: some }, cursor: String(i) })),
      hasNextPage: false,
    });
    const fields = 'baseline seenKept value low high';
    const query = `query Differences { modelVersions { nodes { aboveStrongestBaseline { ${fields} } } } }`;
    const { modelVersions } = (await api.reader.execute(query)).expectData();
    const difference = (baseline: string, seenKept: boolean, value: number) => ({
      aboveStrongestBaseline: { baseline, seenKept, value, low: 0.4, high: 0.6 },
    });
    expect(modelVersions.nodes).toEqual([
      difference('ease', false, 0.01),
      difference('own-items', true, -0.1),
      difference('ease', false, 0.01),
      { aboveStrongestBaseline: null },
    ]);
  });

  it('parent is the version that was active before, and null for the first', async () => {
    const query = 'query Parents { modelVersions { nodes { number parent { number } } } }';
    const versions = [
      { ...MODEL, id: 2, number: 2, parentId: 1 },
      { ...MODEL, parentId: null },
    ];
    jest.spyOn(api.app.services.models, 'versions').mockResolvedValueOnce({
      edges: versions.map((node) => ({ node, cursor: String(node.id) })),
      hasNextPage: false,
    });
    const { modelVersions } = (await api.reader.execute(query)).expectData();
    expect(modelVersions.nodes).toEqual([
      { number: 2, parent: { number: 1 } },
      { number: 1, parent: null },
    ]);
  });

  it('activateModelVersion names an id of nothing', async () => {
    const data = (
      await api.admin.execute(OPERATIONS['activate-model-version'], { input: { modelVersionId: 'x' } })
    ).expectData();
    const message = 'modelVersionId: expected the id of a model version, got "x"';
    expect(data.activateModelVersion.userErrors).toEqual([{ code: 'NOT_FOUND', message, field: ['modelVersionId'] }]);
  });
});

const metric = (name: string, value = 0.5) => ({ name, value, low: 0.4, high: 0.6 });
