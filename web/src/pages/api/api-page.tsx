import { Alert, SimpleGrid, Skeleton } from '@mantine/core';
import { buildSchema } from 'graphql';
import { useMemo } from 'react';

import { Page } from '../../components/page/page';
import { useUrlState } from '../../components/url-state/use-url-state';
import { API_LONG, API_STATE, type ApiState } from './api-state';
import { SchemaPanel } from './schema-panel';
import { type SharedDocument, TryPanel } from './try-panel';
import { useText } from './use-text';

/** Sends documents to the API, and shows its schema. */
export function ApiPage() {
  const [state, setState] = useUrlState<ApiState>(API_STATE, API_LONG);
  const shared = useText('/operations');
  const printed = useText('/schema.graphql');
  const operations = useMemo(
    () => (shared.text === null ? [] : (JSON.parse(shared.text) as SharedDocument[])),
    [shared.text],
  );
  const schema = useMemo(() => (printed.text === null ? null : buildSchema(printed.text)), [printed.text]);
  const error = shared.error ?? printed.error;
  return (
    <Page title="API" lead={`Everything here goes through POST ${location.origin}/graphql, with the key of this tab.`}>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <div>
          {error !== null && <Alert color="red">{error}</Alert>}
          {error === null && (schema === null || operations.length === 0) && <Skeleton height={400} />}
          {schema !== null && operations.length > 0 && (
            <TryPanel schema={schema} operations={operations} state={state} onChange={setState} />
          )}
        </div>
        <SchemaPanel {...printed} find={state.find} onFind={(find) => setState({ find })} />
      </SimpleGrid>
    </Page>
  );
}
