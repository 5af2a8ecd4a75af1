/** Makes Apollo Server the HTTP engine of the operation pipeline: Apollo reads requests and writes answers, the pipeline does the rest. */
import {
  type ApolloServerPlugin,
  type BaseContext,
  type GraphQLRequestContext,
  HeaderMap,
  type HTTPGraphQLHead,
} from '@apollo/server';
import { type DocumentNode, type ExecutionResult, type GraphQLError, Kind } from 'graphql';

import type { Context } from '../../graphql/context';
import type { OperationPipeline, PreparedOperation } from '../api/operation-pipeline';

/** Stands for a text that is no valid document, so that Apollo does not parse that text again. */
const NO_DOCUMENT: DocumentNode = { kind: Kind.DOCUMENT, definitions: [] };

export function pipelinePlugin(pipeline: OperationPipeline): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      const finish = pipeline.start();
      let prepared: PreparedOperation | undefined;
      return {
        async didResolveSource(requestContext) {
          prepared = prepareRequest(requestContext, pipeline);
          // Apollo neither parses nor validates a request that has a document.
          Object.assign(requestContext, { document: prepared.document ?? NO_DOCUMENT });
        },
        async responseForOperation({ contextValue }) {
          if (!prepared) return null;
          const result = await run(prepared, contextValue, pipeline);
          const http = headOf(result.errors ?? []);
          return { http, body: { kind: 'single', singleResult: pipeline.answer(result, contextValue) } };
        },
        async willSendResponse({ response: { body }, contextValue: { requestId } }) {
          const errors = body.kind === 'single' ? body.singleResult.errors : undefined;
          finish({ operation: prepared?.operation, errors, requestId });
        },
      };
    },
  };
}

function prepareRequest(
  { source = '', request }: GraphQLRequestContext<BaseContext>,
  pipeline: OperationPipeline,
): PreparedOperation {
  return pipeline.prepare({ query: source, operationName: request.operationName, variables: request.variables });
}

async function run(
  prepared: PreparedOperation,
  context: Context,
  pipeline: OperationPipeline,
): Promise<ExecutionResult> {
  if (prepared.errors.length > 0) return { errors: prepared.errors };
  return pipeline.execute(pipeline.argumentsOf(prepared, context));
}

/** @returns The status and headers that the errors ask for; 503 and Retry-After when overload is all that went wrong. */
function headOf(errors: readonly GraphQLError[]): HTTPGraphQLHead {
  const head: HTTPGraphQLHead = { status: undefined, headers: new HeaderMap() };
  for (const { extensions } of errors) {
    const http = extensions.http as Partial<HTTPGraphQLHead> | undefined;
    if (http?.status) head.status = http.status;
    for (const [name, value] of http?.headers ?? []) head.headers.set(name, value);
  }
  if (errors.length === 0 || !errors.every(({ extensions }) => extensions.code === 'OVERLOADED')) return head;
  head.headers.set('retry-after', String(errors[0].extensions.retryAfterSeconds ?? 1));
  return { ...head, status: 503 };
}
