/** The tools of callers with a key of role ADMIN. */
import { z } from 'zod';

import { PRESET_NAMES } from '../../models/config';
import { SUBJECT } from './shopper-tools';
import { accepted, externalId, first, MAX_ENTRIES, type Payload, type Tool, USER_ERRORS } from './tool';

const placements: Tool<{ placements: readonly unknown[] }> = {
  name: 'placements',
  description:
    'What became of the lists of each placement, by the model version that made them: clicks, purchases and revenue, with 95 % intervals.',
  input: { days: z.number().int().min(1).max(366).default(28).describe('The last so many days.') },
  document: `query Placements($days: Int) {
    placements(days: $days) {
      name state { title fallback window savedAt }
      figures {
        isPopularity modelVersion { number } lists
        clicked { ...Share } purchased { ...Share } dismissed { share }
        revenue { currency total perList low high }
      }
    }
  } fragment Share on Share { count share low high }`,
  result: (data, links) => ({ ...data, console: links.console('/placements') }),
};

const JOB = `fragment Job on TrainingJob {
  id status preset createdAt finishedAt error progress { phase step totalSteps secondsLeft } modelVersion { number status }
}`;

const startTraining: Tool<{ startTraining: Payload }> = {
  name: 'start_training',
  description: 'Starts a training in the background. training_status then says where it stands.',
  input: {
    preset: z
      .enum(PRESET_NAMES.map((name) => name.toUpperCase()))
      .describe('The sizes; DEMO is for small shops, BASE for larger ones.'),
    reuseTokenizer: z.boolean().default(false).describe('Whether to keep all semantic IDs.'),
    activateWhenBetter: z.boolean().default(true).describe('Whether it becomes active unless it is clearly worse.'),
    onlyWhenClearlyBetter: z.boolean().default(false).describe('Whether it must be clearly better for that.'),
  },
  changes: true,
  document: `mutation StartTraining($input: StartTrainingInput!) {
    startTraining(input: $input) { job { ...Job } ${USER_ERRORS} }
  } ${JOB}`,
  variables: (input) => ({ input }),
  result: ({ startTraining }, links) => ({ ...accepted(startTraining), console: links.console('/training') }),
};

const trainingStatus: Tool<{ trainingJobs: { readonly nodes: readonly unknown[] } }> = {
  name: 'training_status',
  description: 'Where the newest trainings stand, newest first.',
  input: { first: first.default(3) },
  document: `query TrainingStatus($first: Int) { trainingJobs(first: $first) { nodes { ...Job } } } ${JOB}`,
  result: ({ trainingJobs }, links) => ({ jobs: trainingJobs.nodes, console: links.console('/training') }),
};

const compareModels: Tool<{ modelVersions: { readonly nodes: readonly unknown[] } }> = {
  name: 'compare_models',
  description:
    'The model versions, newest first: which one is active, their quality on held-out interactions, and how far each is above the best simple method.',
  input: {
    first: first.default(5),
    metrics: z.array(z.string()).max(MAX_ENTRIES).default(['ndcg@10', 'recall@10']).describe('Names of figures.'),
  },
  document: `query CompareModels($first: Int, $metrics: [String!]) {
    modelVersions(first: $first) {
      nodes {
        number status preset createdAt
        metrics(names: $metrics) { name value low high }
        aboveStrongestBaseline { baseline value low high }
      }
    }
  }`,
  result: ({ modelVersions }, links) => ({ versions: modelVersions.nodes, console: links.console('/models') }),
};

const whyNot: Tool<{ whyNot: object }> = {
  name: 'why_not',
  description: 'Why the list of a user, or after a history, does not have an item, and what would change it.',
  input: { item: externalId, ...SUBJECT, first },
  document: `query WhyNot($item: String!, $user: String, $history: [String!], $first: Int) {
    whyNot(item: $item, user: $user, history: $history, first: $first) {
      text reasons place rank conditions wouldHelp { change text }
    }
  }`,
  result: ({ whyNot }, links) => ({ ...whyNot, console: links.console('/recommendations') }),
};

const NEW_ITEM = z.object({
  externalId: z.string().describe('The ID that the shop itself uses.'),
  title: z.string(),
  description: z.string().optional(),
  brand: z.string().optional(),
  categories: z.array(z.string()).optional(),
  price: z.number().optional(),
  currency: z.string().optional().describe('A code of ISO 4217.'),
  availability: z.enum(['IN_STOCK', 'OUT_OF_STOCK', 'PREORDER']).optional(),
  url: z.string().optional(),
  imageUrl: z.string().optional(),
  groupId: z.string().optional().describe('Equal for items that are one to a buyer.'),
});

const upsertItems: Tool<{ upsertItems: Payload }> = {
  name: 'upsert_items',
  description:
    'Adds items to the catalogue, or changes those with the same externalId to what is given. They are in lists at once.',
  input: { items: z.array(NEW_ITEM).min(1).max(1_000) },
  changes: true,
  document: `mutation UpsertItems($input: UpsertItemsInput!) {
    upsertItems(input: $input) { created updated unchanged catalogueVersion ${USER_ERRORS} }
  }`,
  variables: (input) => ({ input }),
  result: ({ upsertItems }, links) => ({ ...accepted(upsertItems), console: links.console('/items') }),
};

export const ADMIN_TOOLS: readonly Tool[] = [
  placements,
  startTraining,
  trainingStatus,
  compareModels,
  whyNot,
  upsertItems,
];
