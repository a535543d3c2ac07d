import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { useEffect } from 'react';
import { RouterProvider } from 'react-router';
import { forgetMine } from '../server/queries';
import { currentSession, onSessionChange } from '../server/session';
import { cache } from './cache';
import { router } from './routes';
import { surfaces, theme } from './theme';

/** The whole client: theme, cache, pages. */
export function App() {
  useEffect(() => {
    let person = personOf();
    return onSessionChange(() => {
      const next = personOf();
      // What one person saw must not be there for the next one at the same screen.
      if (person !== undefined && next !== person) forgetMine(cache);
      person = next;
    });
  }, []);
  return (
    <MantineProvider theme={theme} cssVariablesResolver={surfaces} defaultColorScheme="auto">
      <QueryClientProvider client={cache}>
        <Notifications position="bottom-center" limit={3} />
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}

function personOf(): number | undefined {
  const session = currentSession();
  return session.state === 'signed-in' ? session.person.id : undefined;
}
