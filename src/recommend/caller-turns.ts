/** Requests that wait, by caller. The callers take turns, so that who asks for little does not wait for all that another one asks for. */

/** What waits for a caller: lists of so many users. */
export interface CallerRequest {
  readonly caller: string;
  readonly users: readonly unknown[];
}

export class CallerTurns<R extends CallerRequest> {
  /** Each caller's requests, oldest first. The caller whose turn it is comes first. */
  private readonly byCaller = new Map<string, R[]>();

  get isEmpty(): boolean {
    return this.byCaller.size === 0;
  }

  /** The users of all requests. */
  get users(): number {
    return countUsers([...this.byCaller.values()].flat());
  }

  /** Those for whom something waits. */
  get callers(): Iterable<string> {
    return this.byCaller.keys();
  }

  usersOf(caller: string): number {
    return countUsers(this.byCaller.get(caller) ?? []);
  }

  add(request: R): void {
    const own = this.byCaller.get(request.caller);
    if (own) own.push(request);
    else this.byCaller.set(request.caller, [request]);
  }

  /** They come before all others. */
  addFirst(requests: readonly R[]): void {
    for (const each of [...requests, ...this.takeAll()]) this.add(each);
  }

  /** @returns False when it does not wait here. */
  remove(request: R): boolean {
    const own = this.byCaller.get(request.caller) ?? [];
    const place = own.indexOf(request);
    if (place < 0) return false;
    own.splice(place, 1);
    if (own.length === 0) this.byCaller.delete(request.caller);
    return true;
  }

  /** @returns Those whose turn it is: as many as have at most so many users together, and at least one if any waits. */
  take(maxUsers: number): R[] {
    const taken: R[] = [];
    for (let users = 0; !this.isEmpty;) {
      const [[caller, own]] = this.byCaller;
      users += own[0].users.length;
      if (users > maxUsers && taken.length > 0) break;
      taken.push(own.shift()!);
      this.byCaller.delete(caller);
      if (own.length > 0) this.byCaller.set(caller, own);
    }
    return taken;
  }

  takeAll(): R[] {
    const all = [...this.byCaller.values()].flat();
    this.byCaller.clear();
    return all;
  }
}

function countUsers(requests: readonly CallerRequest[]): number {
  return requests.reduce((sum, { users }) => sum + users.length, 0);
}
