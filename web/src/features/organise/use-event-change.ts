import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { OwnEvent } from '../../server/model';
import { keys } from '../../server/queries';

/**
 * A change to an event that is refused when somebody else has changed it meanwhile (If-Match). Puts the answer where the
 * pages look and says `done` once it is in.
 */
export function useEventChange(done: string, change: (headers: { 'If-Match': string }) => Promise<OwnEvent>) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (event: OwnEvent) => change({ 'If-Match': `"${event.version}"` }),
    onSuccess: (event) => {
      cache.setQueryData(keys.ownEvent(event.id), event);
      void cache.invalidateQueries({ queryKey: keys.ownEvents });
      void cache.invalidateQueries({ queryKey: keys.event(event.id) });
      void cache.invalidateQueries({ queryKey: keys.events });
      notifications.show({ message: done });
    },
  });
}
