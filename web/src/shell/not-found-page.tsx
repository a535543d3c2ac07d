import { Button } from '@mantine/core';
import { IconMapOff } from '@tabler/icons-react';
import { Link } from 'react-router';
import { Message } from './message';
import { usePageTitle } from './page-title';

/** For an address that leads nowhere, or to a thing that is not there for this person. */
export function NotFoundPage({ what = 'page' }: { what?: string }) {
  usePageTitle('Not found');
  return (
    <Message
      icon={IconMapOff}
      title={`There is no such ${what}`}
      text="The address may be mistyped, or what it led to is gone. Requests and tickets show only to the person they belong to."
    >
      <Button component={Link} to="/">
        See the events
      </Button>
    </Message>
  );
}
