import { notifications } from '@mantine/notifications';
import { useNavigate } from 'react-router';
import { logout } from '../api';
import { signedOut } from '../server/session';
import { problemWords } from './problem-words';

/** Ends the session at the server and in every tab. Says so when the server could not be told. */
export function useSignOut(): () => Promise<void> {
  const navigate = useNavigate();
  return async () => {
    try {
      await logout();
    } catch (error) {
      const { title, advice } = problemWords(error);
      notifications.show({ color: 'red', title: `Still signed in: ${title.toLowerCase()}`, message: advice });
      return;
    }
    signedOut();
    await navigate('/');
    notifications.show({ message: 'You are signed out.' });
  };
}
