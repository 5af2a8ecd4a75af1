import { subscribePatiently } from '../../../../web/src/app/subscribe-patiently';

describe('subscribePatiently', () => {
  afterEach(() => jest.useRealTimers());
  it('subscribes again when the server says when to come back, later each time, until it is ended', () => {
    jest.useFakeTimers();
    const sinks: { error(fault: unknown): void }[] = [];
    const ended = jest.fn();
    const socket = { subscribe: (_payload: unknown, sink: never) => (sinks.push(sink), ended) };
    const error = jest.fn();
    const end = subscribePatiently(socket as never, { query: '' }, { next() {}, error, complete() {} });
    const busy = [{ message: 'no', extensions: { code: 'OVERLOADED', retryAfterSeconds: 2 } }];
    sinks[0].error(busy);
    jest.advanceTimersByTime(1_999);
    expect(sinks).toHaveLength(1);
    jest.advanceTimersByTime(1);
    expect(sinks).toHaveLength(2);
    sinks[1].error(busy);
    jest.advanceTimersByTime(4_000);
    expect(sinks).toHaveLength(3);
    sinks[2].error([{ message: 'no', extensions: { code: 'FORBIDDEN' } }]);
    expect(error).toHaveBeenCalledTimes(1);
    sinks[2].error(busy);
    end();
    jest.runAllTimers();
    expect(sinks).toHaveLength(3);
    expect(ended).toHaveBeenCalled();
  });

  it('goes on after the last event that came, whenever it is sent again', () => {
    const sinks: { next(result: object): void; error(fault: unknown): void }[] = [];
    const payloads: object[] = [];
    const socket = {
      subscribe: (payload: object, sink: never) => (payloads.push(payload), sinks.push(sink), () => {}),
    };
    const sent = () => JSON.parse(JSON.stringify(payloads.at(-1)));
    const [seen, error] = [jest.fn(), jest.fn()];
    subscribePatiently(socket as never, { query: 'q', variables: { a: 1 } }, { next: seen, error, complete() {} });
    expect(sent()).toEqual({ query: 'q', variables: { a: 1 } });
    sinks[0].next({ data: { progress: { event: null } } });
    expect(sent()).toEqual({ query: 'q', variables: { a: 1 } });
    sinks[0].next({ data: { progress: { event: 7 } } });
    sinks[0].next({ data: null, errors: [] });
    expect(sent()).toEqual({ query: 'q', variables: { a: 1, after: 7 } });
    expect(seen).toHaveBeenCalledTimes(3);
  });
});
