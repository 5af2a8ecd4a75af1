import { AppShell, Burger, Group, Progress } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { Outlet, ScrollRestoration, useLocation, useNavigation } from 'react-router';

import { Brand } from './brand';
import { ConnectionNotice } from './connection-notice';
import classes from './shell.module.css';
import { Sidebar } from './sidebar';
import { useKeptFocus } from './use-kept-focus';

/** Below it the navigation is folded away. */
const NARROW = '(max-width: 47.99em)';

/** What every page has around it: the navigation, the state of the connection, the way past both for keyboards. */
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
        <ConnectionNotice isOpening={isLoading} />
        <Outlet />
      </AppShell.Main>
      <ScrollRestoration />
    </AppShell>
  );
}
