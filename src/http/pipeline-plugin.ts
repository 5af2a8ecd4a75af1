/** Makes Apollo Server the HTTP engine of the operation pipeline: Apollo reads requests and writes answers, the pipeline does the rest. */
import {
  type ApolloServerPlugin,
  type BaseContext,
  type GraphQLRequest,
  type GraphQLRequestContext,
  HeaderMap,
  type HTTPGraphQLHead,
} from '@apollo/server';
import {
  type DocumentNode,
  type ExecutionResult,
  type FormattedExecutionResult,
  type GraphQLError,
  Kind,
} from 'graphql';

import type { Context } from '../../graphql/context';
import type { OperationPipeline, PreparedOperation } from '../api/operation-pipeline';
import { isNamed, type NamedDocument } from '../api/trusted-documents';
import { PublicError } from '../errors';

/** Stands for a text that is no valid document, so that Apollo does not parse that text again. */
const NO_DOCUMENT: DocumentNode = { kind: Kind.DOCUMENT, definitions: [] };

/** Stands for the text of a request that names its document. */
const NAMED = '# named';
const WRONG_PROTOCOL = new PublicError(
  'BAD_REQUEST',
  'operation: expected a query or a mutation over HTTP, got a subscription; open a WebSocket at /graphql',
  400,
);

export function pipelinePlugin(pipeline: OperationPipeline): ApolloServerPlugin<Context> {
  return {
    async requestDidStart({ request }) {
      const finish = pipeline.start();
      const named = namedIn(request);
      let prepared: PreparedOperation | undefined;
      // Apollo looks for the operation, too.
      if (request.operationName === '') request.operationName = undefined;
      // Apollo refuses a request without a text before it asks the pipeline, which finds the text by its name.
      if (isNamed(named)) Object.assign(request, { query: request.query || NAMED, extensions: undefined });
      return {
        async didResolveSource(requestContext) {
          prepared = prepareRequest(requestContext, named, pipeline);
          // Apollo neither parses nor validates a request that has a document.
          Object.assign(requestContext, { document: prepared.document ?? NO_DOCUMENT });
        },
        async responseForOperation({ contextValue }) {
          if (!prepared) return null;
          const result = await run(prepared, contextValue, pipeline);
          const singleResult = pipeline.answer(result, contextValue);
          const http = isTooLarge(singleResult) ? headOfTooLarge() : headOf(result.errors ?? []);
          return { http, body: { kind: 'single', singleResult } };
        },
        async willSendResponse({ response: { body }, contextValue: { requestId } }) {
          const errors = body.kind === 'single' ? body.singleResult.errors : undefined;
          finish({ operation: prepared?.operation, errors, requestId });
        },
      };
    },
  };
}

/** How the request names its document, if it does. Apollo passes `extensions` on, but no `documentId`. */
function namedIn({ extensions, http }: GraphQLRequest): NamedDocument {
  const { documentId } = (http?.body ?? {}) as { documentId?: unknown };
  return { extensions, documentId: documentId ?? new URLSearchParams(http?.search).get('documentId') };
}

function prepareRequest(
  { source = '', request }: GraphQLRequestContext<BaseContext>,
  named: NamedDocument,
  pipeline: OperationPipeline,
): PreparedOperation {
  const { operationName, variables } = request;
  return pipeline.prepare({ ...named, query: source === NAMED ? '' : source, operationName, variables });
}

async function run(
  prepared: PreparedOperation,
  context: Context,
  pipeline: OperationPipeline,
): Promise<ExecutionResult> {
  if (prepared.errors.length > 0) return { errors: prepared.errors };
  if (prepared.operation?.operation === 'subscription') return { errors: [WRONG_PROTOCOL] };
  return pipeline.execute(pipeline.argumentsOf(prepared, context));
}

/** Whether an error stands in place of the whole answer. */
function isTooLarge({ data, errors = [] }: FormattedExecutionResult): boolean {
  return data === null && errors[0]?.extensions?.code === 'ANSWER_TOO_LARGE';
}

/** Of one answer: Apollo may add to its headers. */
function headOfTooLarge(): HTTPGraphQLHead {
  return { status: 400, headers: new HeaderMap() };
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
