import { gql } from 'urql';

import { oneQuestion } from '../../../../../web/src/components/pages/one-question';
import { answerOf, consoleClient } from '../../../../support/console-client';
import { until } from '../../../../support/until';

const SHOP = gql<{ itemCount: number }, Record<string, never>>('{ itemCount }');

describe('oneQuestion', () => {
  /** What each request waits for. */
  const answers: ((itemCount: number) => void)[] = [];
  const ended: AbortSignal[] = [];
  const fetch = jest.spyOn(globalThis, 'fetch').mockImplementation((_url, init) => {
    ended.push(init!.signal!);
    return new Promise((resolve) => answers.push((itemCount) => resolve(answerOf({ data: { itemCount } }))));
  });
  afterAll(() => fetch.mockRestore());
  const client = consoleClient();

  it('asks anew what is on its way already, and ends that', async () => {
    const question = oneQuestion();
    const first = question.ask(client, SHOP, {});
    await until(() => answers.length === 1);
    const second = question.ask(client, SHOP, {});
    expect(await first).toBeNull();
    await until(() => answers.length === 2);
    expect(ended.map(({ aborted }) => aborted)).toEqual([true, false]);
    answers[0](1);
    answers[1](2);
    expect((await second)?.data?.itemCount).toBe(2);
    const third = question.ask(client, SHOP, {});
    question.drop();
    expect(await third).toBeNull();
  });
});
