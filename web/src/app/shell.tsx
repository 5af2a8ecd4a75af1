import { AppShell, Burger, Group, Progress } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import { Outlet, ScrollRestoration, useLocation, useNavigation } from 'react-router';

import { Brand } from './brand';
import { ConnectionNotice } from './connection-notice';
import classes from './shell.module.css';
import { Sidebar } from './sidebar';

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
  const content = useRef<HTMLElement>(null);
  const shown = useRef(pathname);
  useEffect(() => {
    close();
    // Whoever uses keys, or listens, goes on at the new page and not at the link that led there.
    if (shown.current !== pathname) content.current?.focus({ preventScroll: true });
    shown.current = pathname;
  }, [pathname, close]);
  return (
    <AppShell
      header={{ height: { base: 52, sm: 0 } }}
      navbar={{ width: 228, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      classNames={{ navbar: classes.navbar, header: classes.header, main: classes.main }}
    >
      <a
        className={classes.skip}
        href="#content"
        onClick={(event) => {
          // The address keeps what a page has written behind its `#`.
          event.preventDefault();
          content.current?.focus();
        }}
      >
        Skip to the content
      </a>
      <AppShell.Header hiddenFrom="sm">
        <Group h="100%" px="sm" gap="sm">
          <Burger opened={isOpen} onClick={toggle} size="sm" aria-label="Navigation" aria-expanded={isOpen} />
          <Brand />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar aria-label="Main" inert={isNarrow && !isOpen}>
        <Sidebar />
      </AppShell.Navbar>
      <AppShell.Main ref={content} id="content" tabIndex={-1} aria-busy={isLoading}>
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
