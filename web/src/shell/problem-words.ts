import { Problem } from '../server/problem';

interface Words {
  readonly title: string;
  readonly advice: string;
}

/** By the code of a problem. Without advice of its own the server's sentence stands, which may hold numbers. */
const BY_CODE: Record<string, Words> = {
  'sale-not-open': {
    title: 'The sale is not open',
    advice: 'Nothing was asked for. Look at the times above and come back when it opens.',
  },
  'email-taken': { title: 'This e-mail has an account', advice: 'Sign in with it, or use another e-mail.' },
  'already-settled': {
    title: 'It is decided already',
    advice:
      'The outcome was faster than your cancel. If you got tickets, you can cancel the order under My tickets.',
  },
  'capacity-below-sold': { title: 'More is sold than that', advice: '' },
  'ticket-used': {
    title: 'A ticket of this order has been used',
    advice: 'An order can be cancelled only before anybody has entered with it.',
  },
};

const BY_STATUS: Record<number, Words> = {
  0: {
    title: 'The server cannot be reached',
    advice: 'Check your connection. Nothing is lost; try again when you are back.',
  },
  400: { title: 'Something in it is not right', advice: 'Look at the marked fields and send it again.' },
  401: { title: 'You are not signed in', advice: 'Your session is over. Sign in and try again.' },
  403: {
    title: 'You may not do this',
    advice: 'Your account has no access to it. Sign in as somebody who has.',
  },
  404: { title: 'It is not there', advice: 'It may be gone, or belong to another account.' },
  409: {
    title: 'That does not go now',
    advice: 'It has changed in the meantime. Look at how things stand and try again.',
  },
  412: {
    title: 'Somebody else changed it',
    advice: 'Load the page again to see what is new, then make your change.',
  },
  422: { title: 'That is not possible', advice: 'Change what you ask for and try again.' },
  429: { title: 'Too many tries', advice: 'Wait a moment, then try again.' },
  503: {
    title: 'Very many people are asking right now',
    advice: 'Nothing was lost. Try again in a few seconds.',
  },
};

const DEFECT: Words = {
  title: 'The server made a mistake',
  advice: 'The fault is ours. Try again; if it stays, write to us.',
};

/** What went wrong, and what to do, for any error a call can end with. The server's own sentence wins over the general one. */
export function problemWords(error: unknown): Words {
  if (!(error instanceof Problem)) return DEFECT;
  const general = BY_CODE[error.code] ?? BY_STATUS[error.status] ?? DEFECT;
  const own =
    error.status >= 400 && error.status < 500 && error.faults.length === 0 && !BY_CODE[error.code]?.advice;
  return own && error.detail !== '' ? { title: general.title, advice: error.detail } : general;
}
