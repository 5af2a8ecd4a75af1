import { createMetrics } from '../../../src/http/metrics';
import { MEASUREMENTS } from '../../support/fake-ports';

describe('createMetrics', () => {
  it('says nothing of lists for a process that makes none, so that no alert takes it for a server without a model', async () => {
    const text = await createMetrics().text({ ...MEASUREMENTS, serving: null, operationsInFlight: 1 });
    expect(text).toMatch(/tigerql_model_version NaN/i);
    expect(text).toMatch(/tigerql_catalogue_version NaN/i);
    expect(text).toContain('tigerql_training_jobs{status="running"} 1');
  });
});
