import { QueryClient } from '@tanstack/react-query';
import { Problem } from '../server/problem';

/** The one cache. A refused call is not repeated; one that may pass is, when the server says or after a growing pause. */
export const cache = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (failures, error) => failures < 2 && error instanceof Problem && error.passing,
      retryDelay: pauseBeforeRetry,
    },
    mutations: { retry: false, networkMode: 'always' },
  },
});

/** How long to wait before try number `failures + 1`, in milliseconds: what the server says, else doubling from one second. */
export function pauseBeforeRetry(failures: number, error: unknown): number {
  const said = error instanceof Problem ? error.retryAfterMs : undefined;
  const pause = said ?? Math.min(15_000, 1_000 * 2 ** failures);
  // Spread out, or everybody who was turned away comes back in the same moment.
  return Math.max(250, pause) * (1 + Math.random() * 0.3);
}
