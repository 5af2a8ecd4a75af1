import { CancelledError, type PublicError } from '../../../src/errors';
import { type Socket, SocketOperations } from '../../../src/http/socket-operations';

/** A socket as graphql-ws knows it: the ids that its client has not completed. */
function socketOf(...ids: string[]): Socket {
  const subscriptions = Object.fromEntries(ids.map((id) => [id, {}]));
  return { extra: {}, subscriptions } as unknown as Socket;
}
const refusal = (work: () => unknown) => {
  try {
    work();
    return null;
  } catch (error) {
    return (error as PublicError).extensions.code;
  }
};

describe('SocketOperations', () => {
  let operations: SocketOperations;
  beforeEach(() => (operations = new SocketOperations({ maxSocketOperations: 2, maxSubscriptions: 2 })));

  it('refuses an operation too many for its socket, until one has ended', () => {
    const [socket, other] = [socketOf('1', '2', '3'), socketOf('1')];
    operations.begin(socket, '1');
    operations.begin(socket, '2');
    expect(refusal(() => operations.begin(socket, '3'))).toBe('TOO_MANY_OPERATIONS');
    operations.begin(other, '1');
    operations.end(socket, '1');
    expect(refusal(() => operations.begin(socket, '3'))).toBeNull();
  });

  it('refuses the id of an operation that runs', () => {
    const socket = socketOf('1');
    operations.begin(socket, '1');
    expect(refusal(() => operations.begin(socket, '1'))).toBe('BAD_REQUEST');
  });

  it('aborts what the client has completed, which keeps its id but no place until it has ended', () => {
    const socket = socketOf('2');
    const completed = operations.begin(socket, '1');
    const running = operations.begin(socket, '2');
    operations.abandonCompleted(socket.extra);
    expect([completed, running].map(({ life }) => life.signal.aborted)).toEqual([true, false]);
    expect(completed.life.signal.reason).toBeInstanceOf(CancelledError);
    expect(refusal(() => operations.begin(socket, '1'))).toBe('BAD_REQUEST');
    expect(refusal(() => operations.begin(socket, '3'))).toBeNull();
  });

  it('counts the subscriptions of all sockets, each once, and forgets those that have ended', () => {
    const sockets = [socketOf('1'), socketOf('1'), socketOf('1')];
    const begun = sockets.map((socket) => operations.begin(socket, '1'));
    begun[0].countAsSubscription();
    begun[1].countAsSubscription();
    expect(refusal(() => begun[2].countAsSubscription())).toBe('OVERLOADED');
    begun[0].end();
    begun[0].end();
    expect(refusal(() => begun[2].countAsSubscription())).toBeNull();
    expect(refusal(() => operations.begin(socketOf('1'), '1').countAsSubscription())).toBe('OVERLOADED');
  });

  it('counts no subscription whose socket has closed before it was counted', () => {
    for (let i = 0; i < 10; i++) {
      const socket = socketOf('1');
      const early = operations.begin(socket, '1');
      operations.abandonAll(socket.extra);
      expect(refusal(() => early.countAsSubscription())).toBe('CANCELLED');
      operations.end(socket, '1');
    }
    const others = [socketOf('1'), socketOf('1')].map((socket) => operations.begin(socket, '1'));
    expect(others.map((other) => refusal(() => other.countAsSubscription()))).toEqual([null, null]);
  });

  it('ends the events of a subscription with its socket, also those that come only afterwards', () => {
    const socket = socketOf('1', '2');
    const ended: string[] = [];
    const events = (name: string) => ({ next: jest.fn(), return: async () => ended.push(name) }) as never;
    const [early, late] = ['1', '2'].map((id) => operations.begin(socket, id));
    early.follow(events('early'));
    operations.abandonAll(socket.extra);
    late.follow(events('late'));
    expect(ended).toEqual(['early', 'late']);
  });
});
