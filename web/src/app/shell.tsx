import { AppShell, Burger, Group, Progress } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { type KeyboardEvent, type RefObject, useEffect, useRef } from 'react';
import { Outlet, ScrollRestoration, useLocation, useNavigation } from 'react-router';

import { ConnectionNotice } from './connection-notice';
import classes from './shell.module.css';
import { Brand, Sidebar } from './sidebar';

/** Below it the navigation is folded away. */
const NARROW = '(max-width: 47.99em)';

/** The frame of every page: navigation, state of the connection, and a link past both for keyboards. */
export function Shell() {
  // The object around the two is a new one each time: an effect that followed it would close what was just opened.
  const [isOpen, { close, toggle }] = useDisclosure(false);
  const { pathname } = useLocation();
  // The code of the page that was chosen is on its way.
  const isLoading = useNavigation().state === 'loading';
  const isNarrow = useMediaQuery(NARROW, undefined, { getInitialValueInEffect: false });
  // The navigation covers the page then.
  const isCovered = isNarrow && isOpen;
  const content = useRef<HTMLElement>(null);
  useKeptFocus(content);
  const burger = useRef<HTMLButtonElement>(null);
  const shown = useRef(pathname);
  useEffect(close, [pathname, close]);
  useEffect(() => {
    // Whoever uses keys, or listens, goes on at the new page and not at the link that led there.
    if (isCovered || shown.current === pathname) return;
    content.current?.focus({ preventScroll: true });
    shown.current = pathname;
  }, [pathname, isCovered]);
  const closeByKey = ({ key, currentTarget, target }: KeyboardEvent<HTMLElement>) => {
    // React tells of keys in a menu or dialog of the navigation, too, which close that alone.
    if (key !== 'Escape' || !isCovered || !currentTarget.contains(target as Node)) return;
    close();
    burger.current?.focus();
  };
  return (
    <AppShell
      header={{ height: { base: 52, sm: 0 } }}
      navbar={{ width: 228, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      classNames={{ navbar: classes.navbar, header: classes.header, main: classes.main }}
    >
      <a
        className={classes.skip}
        href="#content"
        inert={isCovered}
        onClick={(event) => {
          // The address keeps what a page has written behind its `#`.
          event.preventDefault();
          content.current?.focus();
        }}
      >
        Skip to the content
      </a>
      <AppShell.Header hiddenFrom="sm" onKeyDown={closeByKey}>
        <Group h="100%" px="sm" gap="sm">
          <Burger
            ref={burger}
            opened={isOpen}
            onClick={toggle}
            size="sm"
            aria-label="Navigation"
            aria-expanded={isOpen}
          />
          <Brand />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar aria-label="Main" inert={isNarrow && !isOpen} onKeyDown={closeByKey}>
        <Sidebar />
      </AppShell.Navbar>
      <AppShell.Main ref={content} id="content" tabIndex={-1} aria-busy={isLoading} inert={isCovered}>
        {isLoading && (
          <Progress
            className={classes.loading}
            value={100}
            animated
            size="xs"
            radius={0}
            aria-label="Loading the page"
          />
        )}
        <ConnectionNotice />
        <Outlet />
      </AppShell.Main>
      <ScrollRestoration />
    </AppShell>
  );
}

/** Longer than a dialog that closes takes to give the focus back to what has opened it. */
const RETURN_WAIT_MS = 50;

/**
 * For whoever uses keys or listens. When the focus goes with what had it, such as a button whose deed is done, they go on at the
 * content and not at the beginning of the page. A button that was disabled while its deed ran, and is there after a refusal, has the
 * focus again.
 */
function useKeptFocus(content: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    let last: EventTarget | null = null;
    const note = ({ target }: FocusEvent) => (last = target);
    const isLost = () => document.activeElement === document.body;
    const keep = (records: readonly MutationRecord[]) => {
      if (!(last instanceof HTMLElement) || !isLost()) return;
      if (!last.isConnected) {
        last = null;
        content.current?.focus({ preventScroll: true });
      } else if (records.some(({ type, target }) => type === 'attributes' && target === last)) {
        const button = last;
        if (!button.matches(':disabled'))
          setTimeout(() => isLost() && button.focus({ preventScroll: true }), RETURN_WAIT_MS);
      }
    };
    document.addEventListener('focusin', note);
    const observer = new MutationObserver(keep);
    observer.observe(document.body, { childList: true, subtree: true, attributeFilter: ['disabled'] });
    return () => {
      document.removeEventListener('focusin', note);
      observer.disconnect();
    };
  }, [content]);
}
