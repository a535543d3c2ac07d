import { notifications } from '@mantine/notifications';
import { useNavigate } from 'react-router';
import { logout } from '../api';
import { requestsQuery } from '../server/queries';
import { signedOut } from '../server/session';
import { cache } from './cache';
import { problemWords } from './problem-words';

/** Ends the session at the server and in every tab, and says that places in line are kept. Says so when the server could not be told. */
export function useSignOut(): () => Promise<void> {
  const navigate = useNavigate();
  return async () => {
    const waits = await isWaiting();
    try {
      await logout();
    } catch (error) {
      const { title, advice } = problemWords(error);
      notifications.show({ color: 'red', title: `Still signed in: ${title.toLowerCase()}`, message: advice });
      return;
    }
    signedOut();
    await navigate('/');
    notifications.show({
      message: waits
        ? 'You are signed out. Your place in line is kept; sign in again to see it.'
        : 'You are signed out.',
      autoClose: waits ? 12_000 : 4_000,
    });
  };
}

/** Whether this person is in any line. Not knowing it is no reason to stay signed in. */
async function isWaiting(): Promise<boolean> {
  const requests = await cache.query({ ...requestsQuery(), retry: false }).catch(() => []);
  return requests.some(({ status }) => status === 'queued');
}
