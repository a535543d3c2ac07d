import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { isRouteErrorResponse, useRouteError } from 'react-router';
import { Message } from './message';
import { NotFoundPage } from './not-found-page';
import { usePageTitle } from './page-title';

/** What is shown when a page broke. Nothing a person did is lost by loading it again: all state is at the server. */
export function ErrorPage() {
  const error = useRouteError();
  usePageTitle('Page broken');
  if (isRouteErrorResponse(error) && error.status === 404) return <NotFoundPage />;
  return (
    <Message
      icon={IconAlertTriangle}
      color="red"
      title="This page has stopped working"
      text="The fault is ours. Your places in line and your tickets are safe at the server. Load the page again."
    >
      <Button onClick={() => window.location.reload()}>Load again</Button>
      <Button component="a" href="/" variant="default">
        See the events
      </Button>
    </Message>
  );
}
