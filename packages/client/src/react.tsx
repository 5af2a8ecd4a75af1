/** `@tigerql/client/react`: lists that stay up to date and tell by themselves what became of their items. */
import {
  createContext,
  type MouseEvent,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';

import type { ListQuestion, TigerqlClient } from './client.js';
import type { FeedbackKind, ItemListFragment } from './documents.js';

const ClientContext = createContext<TigerqlClient | null>(null);

export function TigerqlProvider({
  client,
  children,
}: {
  readonly client: TigerqlClient;
  readonly children: ReactNode;
}) {
  return <ClientContext.Provider value={client}>{children}</ClientContext.Provider>;
}

/** @throws {Error} Outside of a provider. */
export function useTigerql(): TigerqlClient {
  const client = useContext(ClientContext);
  if (client === null) throw new Error('useTigerql: expected a <TigerqlProvider> around it, got none');
  return client;
}

export interface RecommendationsState {
  /** Null until the first one is there. A list that there was stays while the server is away. */
  readonly list: ItemListFragment | null;
  /** Why the last request failed; null when it did not. */
  readonly error: unknown;
  readonly isLoading: boolean;
  /** Asks anew. */
  readonly refresh: () => void;
}

interface Held extends Omit<RecommendationsState, 'refresh'> {
  readonly key: string;
}

/**
 * @param question - May be made anew at each call.
 * @param initial - The list that your server has rendered; absent or null: it is asked for.
 */
export function useRecommendations(
  question: ListQuestion,
  initial: ItemListFragment | null = null,
): RecommendationsState {
  const client = useTigerql();
  const key = JSON.stringify(question);
  const [held, setHeld] = useState<Held>({ key, list: initial, error: null, isLoading: initial === null });
  const running = useRef<AbortController>(null);

  const refresh = useCallback(() => {
    running.current?.abort();
    const { signal } = (running.current = new AbortController());
    const asked = JSON.parse(key) as ListQuestion;
    const hold = (change: Partial<Held>) =>
      setHeld((before) => ({
        key,
        list: before.key === key ? before.list : null,
        error: null,
        isLoading: false,
        ...change,
      }));
    hold({ isLoading: true });
    client.list(asked, { signal }).then(
      ({ data }) => signal.aborted || hold({ list: data }),
      (error: unknown) => signal.aborted || hold({ error }),
    );
  }, [client, key]);

  const isGiven = useRef(initial !== null);
  useEffect(() => {
    if (isGiven.current) client.prepare();
    else refresh();
    isGiven.current = false;
    const end = client.onRefresh(refresh);
    return () => {
      end();
      running.current?.abort();
    };
  }, [client, refresh]);

  const shown = held.key === key ? held : { list: null, error: null, isLoading: true };
  return { list: shown.list, error: shown.error, isLoading: shown.isLoading, refresh };
}

/** One item of a shelf, for the shop to draw. */
export interface ShelfEntry {
  readonly item: ItemListFragment['nodes'][number]['item'];
  readonly rank: number;
  /** For forms that your server reads; null: the list has none. */
  readonly listId: string | null;
  /** Tells that the item was put into the cart, for example. Shown and clicked ones tell themselves. */
  readonly report: (kind: FeedbackKind) => void;
  /** Takes the item out of all lists of the user, and another one comes. */
  readonly dismiss: () => void;
}

export interface ShelfProps {
  /** The list, with its `placement`, by which its figures are called. */
  readonly question: ListQuestion & { readonly placement: string };
  /** What it is called for those who do not see it. */
  readonly label: string;
  /** The list that your server has rendered. */
  readonly initial?: ItemListFragment | null;
  readonly className?: string;
  /** Draws an item; its links count as clicks. */
  readonly children: (entry: ShelfEntry) => ReactNode;
}

/** A list of cards. It keeps its place while it is empty (`li[data-placeholder]`), and what it had while the server is away. */
export function Shelf({ question, label, initial, className, children }: ShelfProps) {
  const client = useTigerql();
  const { list, isLoading } = useRecommendations(question, initial);
  const [dismissed, setDismissed] = useState<readonly string[]>([]);
  const shelf = useRef<HTMLUListElement>(null);
  const entries = useMemo(() => {
    const listId = list?.listId ?? null;
    const entryOf = ({ item, rank }: ItemListFragment['nodes'][number]): ShelfEntry => {
      const { externalId } = item;
      const report = (kind: FeedbackKind) => {
        if (listId !== null) client.report({ listId, item: { externalId }, kind });
      };
      const dismiss = () => {
        setDismissed((before) => [...before, externalId]);
        shelf.current?.focus(); // The button that had it is gone.
        report('DISMISSED');
      };
      return { item, rank, listId, report, dismiss };
    };
    return list?.nodes.map(entryOf) ?? null;
  }, [client, list]);
  const shown = entries?.filter(({ item }) => !dismissed.includes(item.externalId));
  return (
    <ul
      ref={shelf}
      tabIndex={-1}
      className={className}
      aria-label={label}
      aria-busy={isLoading}
      data-placement={question.placement}
    >
      {shown?.map((entry) => (
        <ShelfItem key={entry.item.externalId} entry={entry}>
          {children(entry)}
        </ShelfItem>
      )) ?? Array.from({ length: question.first ?? 10 }, (_, i) => <li key={i} data-placeholder aria-hidden />)}
    </ul>
  );
}

/** Half of a card that is on the screen for so long has been seen. */
const SEEN_MS = 1000;

function ShelfItem({ entry, children }: { readonly entry: ShelfEntry; readonly children: ReactNode }) {
  const client = useTigerql();
  const element = useRef<HTMLLIElement>(null);
  const { report } = entry;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const seen = () => {
      observer.disconnect();
      report('SHOWN');
    };
    const observer = new IntersectionObserver(
      ([{ isIntersecting }]) => {
        clearTimeout(timer);
        if (isIntersecting) timer = setTimeout(seen, SEEN_MS);
      },
      { threshold: 0.5 },
    );
    observer.observe(element.current!);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
    };
  }, [report]); // Each list has its own: an item that stays is seen in the new one, too.
  const click = ({ target }: MouseEvent) => {
    if ((target as Element).closest('a') !== null) report('CLICKED');
  };
  // The token of a page that lay idle has ended. A click that leaves the page comes too late to get one.
  const prepare = () => client.prepare();
  return (
    <li ref={element} onClick={click} onPointerEnter={prepare} onFocus={prepare}>
      {children}
    </li>
  );
}
