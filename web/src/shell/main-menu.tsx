import { ActionIcon, Button, Group, Menu } from '@mantine/core';
import { IconChevronDown, IconMenu2 } from '@tabler/icons-react';
import { Link, NavLink, useLocation } from 'react-router';
import type { Session } from '../server/session';
import { ColorSchemeItems } from './color-scheme-items';
import { menuFor, type MenuEntry } from './menu-entries';
import { signInPath } from './sign-in-path';
import { useSession } from './use-session';
import { useSignOut } from './use-sign-out';
import classes from './layout.module.css';

/** The pages this person can go to, the account, and the choice of light or dark. */
export function MainMenu() {
  const session = useSession();
  const { pathname, search } = useLocation();
  const onSignIn = pathname === '/sign-in' || pathname === '/sign-up';
  const back = signInPath(onSignIn ? '/' : pathname + search);
  return (
    <Group component="nav" gap={4} wrap="nowrap" aria-label="Main">
      <Group gap={0} wrap="nowrap" className={classes.wide}>
        {menuFor(session).map((entry) => (
          <WideEntry key={entry.to} entry={entry} />
        ))}
      </Group>
      {session.state === 'signed-out' && !onSignIn && (
        <Button component={Link} to={back} variant="light" px="md">
          Sign in
        </Button>
      )}
      <AccountMenu session={session} />
    </Group>
  );
}

function WideEntry({ entry }: { entry: MenuEntry }) {
  // Pages that the server draws itself need a real navigation.
  if (entry.served === true) {
    return (
      <a className={classes.navLink} href={entry.to}>
        {entry.label}
      </a>
    );
  }
  return (
    <NavLink className={classes.navLink} to={entry.to} end={entry.to === '/'}>
      {entry.label}
    </NavLink>
  );
}

function AccountMenu({ session }: { session: Session }) {
  const signOut = useSignOut();
  const person = session.state === 'signed-in' ? session.person : undefined;
  return (
    <Menu position="bottom-end" width={260} withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        {person === undefined ? (
          <ActionIcon aria-label="Menu">
            <IconMenu2 size={22} aria-hidden />
          </ActionIcon>
        ) : (
          <Button
            variant="subtle"
            color="gray"
            c="inherit"
            px="xs"
            rightSection={<IconChevronDown size={16} aria-hidden />}
          >
            {person.name.split(' ')[0]}
            <span className="unseen">, menu</span>
          </Button>
        )}
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.narrow}>
          {menuFor(session).map((entry) => (
            <NarrowEntry key={entry.to} entry={entry} />
          ))}
          <Menu.Divider />
        </div>
        <ColorSchemeItems />
        {person !== undefined && (
          <>
            <Menu.Divider />
            <Menu.Label>{person.email}</Menu.Label>
            <Menu.Item mih={44} component={Link} to="/account">
              Your data
            </Menu.Item>
            <Menu.Item mih={44} onClick={() => void signOut()}>
              Sign out
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function NarrowEntry({ entry }: { entry: MenuEntry }) {
  if (entry.served === true) {
    return (
      <Menu.Item mih={44} component="a" href={entry.to}>
        {entry.label}
      </Menu.Item>
    );
  }
  return (
    <Menu.Item mih={44} component={Link} to={entry.to}>
      {entry.label}
    </Menu.Item>
  );
}
