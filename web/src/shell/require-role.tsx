import { Button, Skeleton, Stack } from '@mantine/core';
import { IconLock, IconUserCircle } from '@tabler/icons-react';
import { Link, Outlet, useLocation } from 'react-router';
import type { Role } from '../server/session';
import { Message } from './message';
import { usePageTitle } from './page-title';
import { signInPath } from './sign-in-path';
import { useSession } from './use-session';

/** Lets people of the given roles through; tells everybody else what is missing and what to do. */
export function RequireRole({ roles }: { roles: readonly Role[] }) {
  const session = useSession();
  const location = useLocation();
  if (session.state === 'unknown') return <Recognising />;
  if (session.state === 'signed-out') return <SignInFirst back={location.pathname + location.search} />;
  return roles.includes(session.person.role) ? (
    <Outlet key={session.person.id} />
  ) : (
    <Forbidden email={session.person.email} />
  );
}

function Recognising() {
  return (
    <Stack aria-busy="true" aria-label="Looking up who you are">
      <Skeleton height={36} width="60%" />
      <Skeleton height={160} />
    </Stack>
  );
}

function SignInFirst({ back }: { back: string }) {
  usePageTitle('Sign in');
  return (
    <Message
      icon={IconUserCircle}
      title="Sign in to see this page"
      text="You come straight back here afterwards."
    >
      <Button component={Link} to={signInPath(back)}>
        Sign in
      </Button>
    </Message>
  );
}

function Forbidden({ email }: { email: string }) {
  usePageTitle('Not for you');
  return (
    <Message
      icon={IconLock}
      title="This page is for others"
      text={`You are signed in as ${email}, who has no access here. Sign in as somebody else, or go back to the events.`}
    >
      <Button component={Link} to="/" variant="default">
        See the events
      </Button>
    </Message>
  );
}
