/** What the HTTP door adds to Apollo Server. */
import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLFormattedError } from 'graphql';

import type { Context } from '../../graphql/context';
import type { Guards } from '../api/guards';
import type { Logger } from '../logger';
import type { Metrics } from './metrics';

/** Refuses what the guards refuse. After validation, so that documents from Apollo's cache are checked as well. */
export function guardPlugin(guards: Guards): ApolloServerPlugin<Context> {
  return {
    requestDidStart: async () => ({
      async didResolveOperation({ document, request }) {
        const [refusal] = guards.check({
          document,
          operationName: request.operationName,
          variables: request.variables,
        });
        if (refusal) throw refusal;
      },
    }),
  };
}

/** Puts the context's notes into the response's `extensions`. */
export const notesPlugin: ApolloServerPlugin<Context> = {
  requestDidStart: async () => ({
    async willSendResponse({ response, contextValue }) {
      if (response.body.kind !== 'single' || contextValue.notes.size === 0) return;
      const { singleResult } = response.body;
      singleResult.extensions = { ...singleResult.extensions, ...Object.fromEntries(contextValue.notes) };
    },
  }),
};

/** Answers 503 with Retry-After when overload is all that went wrong, so that proxies and clients back off. */
export const overloadPlugin: ApolloServerPlugin<Context> = {
  requestDidStart: async () => ({
    async willSendResponse({ response }) {
      const errors = response.body.kind === 'single' ? (response.body.singleResult.errors ?? []) : [];
      if (errors.length === 0 || !errors.every(isOverload)) return;
      response.http.status = 503;
      response.http.headers.set('retry-after', String(errors[0].extensions?.retryAfterSeconds ?? 1));
    },
  }),
};

/** Counts each operation and, at the level `debug`, logs it with the id that its answer carries. */
export function observePlugin(metrics: Metrics, logger: Logger): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      const begin = performance.now();
      return {
        async willSendResponse({ operation, operationName, response, contextValue: { requestId } }) {
          const errors = response.body.kind === 'single' ? response.body.singleResult.errors : undefined;
          const outcome = String(errors?.[0]?.extensions?.code ?? 'ok');
          const durationMs = performance.now() - begin;
          metrics.observe(operation?.operation ?? 'invalid', outcome, durationMs / 1000);
          logger.debug({ requestId, operationName, outcome, durationMs }, 'operation answered');
        },
      };
    },
  };
}

function isOverload(error: GraphQLFormattedError): boolean {
  return error.extensions?.code === 'OVERLOADED';
}
