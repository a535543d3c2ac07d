/** Many buyers in one iteration: a VU that waits for one answer can wait for a hundred. */
import { pause } from './api.js';
import { unexpected } from './metrics.js';

/**
 * Plays `count` buyers, one after the other `everyMs` apart, and resolves when all are done. What one of them throws
 * counts as unexpected and does not disturb the others.
 */
export async function crowd(count, everyMs, play) {
  await Promise.all(
    Array.from({ length: count }, async (_, place) => {
      try {
        if (place > 0) await pause(place * everyMs);
        await play(place);
      } catch (error) {
        unexpected.add(1);
        console.error(error.stack ?? String(error));
      }
    }),
  );
}
