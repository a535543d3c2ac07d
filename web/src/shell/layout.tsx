import { Anchor, Container, Group, Text } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { Link, Outlet, ScrollRestoration, useLocation, useNavigation } from 'react-router';
import { apiReference } from './api-reference';
import { Brand } from './brand';
import { ConnectionBanner } from './connection-banner';
import { MainMenu } from './main-menu';
import classes from './layout.module.css';

/** What stands around every page: skip link, header with menu, connection state, footer. */
export function Layout() {
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const navigation = useNavigation();
  const shown = useRef(pathname);

  // After a change of page the keyboard and the screen reader start at its top, as after a real page load.
  useEffect(() => {
    // Unless the page has given the keyboard to a field of its own.
    const taken = main.current?.contains(document.activeElement) === true;
    if (shown.current !== pathname && !taken) main.current?.focus({ preventScroll: true });
    shown.current = pathname;
  }, [pathname]);

  return (
    <div className={classes.frame}>
      <a className={classes.skip} href="#main">
        Skip to the page
      </a>
      <header className={classes.header}>
        <Container size="lg" className={classes.bar}>
          <Link to="/" className={classes.brand} aria-label="Tixline, all events">
            <Brand />
          </Link>
          <MainMenu />
        </Container>
        {navigation.state === 'loading' && <div className={classes.loading} aria-hidden />}
      </header>
      <ConnectionBanner />
      <main id="main" ref={main} tabIndex={-1} className={classes.main}>
        <Container size="lg">
          <Outlet />
        </Container>
      </main>
      <footer className={classes.footer}>
        <Container size="lg">
          <Group justify="space-between" gap="xs">
            <Text size="sm" c="dimmed">
              A fair line: VIPs first, then everybody in the order they asked.
            </Text>
            {apiReference !== undefined && (
              <Anchor size="sm" href={apiReference} py={12} underline="hover">
                For developers
              </Anchor>
            )}
          </Group>
        </Container>
      </footer>
      <ScrollRestoration />
    </div>
  );
}
