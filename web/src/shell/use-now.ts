import { useEffect, useState } from 'react';
import { serverNow } from '../server/server-clock';

/** The time of `clock` (the server's unless told) in milliseconds, renewed every `everyMs` while the page is shown. */
export function useNow(everyMs = 1_000, clock: () => number = serverNow): number {
  const [now, setNow] = useState(clock);
  useEffect(() => {
    const tick = () => {
      if (!document.hidden) setNow(clock());
    };
    const timer = setInterval(tick, everyMs);
    document.addEventListener('visibilitychange', tick);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', tick);
    };
  }, [everyMs, clock]);
  return now;
}
