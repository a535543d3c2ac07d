import { Button, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { closeEvent, openEvent } from '../../api';
import type { OwnEvent } from '../../server/model';
import { lineQuery } from '../../server/queries';
import { Dialog } from '../../shell/dialog';
import { ProblemNotice } from '../../shell/problem-notice';
import { plural } from '../../shell/words';
import { useEventChange } from './use-event-change';

/** Opens a draft or closed event; closes an open one after saying whom that turns away. */
export function SaleSteps({ event }: { event: OwnEvent }) {
  const path = { id: event.id };
  const open = useEventChange('The event is open.', async () => (await openEvent({ path })).data);
  if (event.state === 'open') return <Close event={event} />;
  if (event.state !== 'draft' && event.state !== 'closed') return null;
  return (
    <>
      <Button loading={open.isPending} onClick={() => open.mutate(event)}>
        {event.state === 'draft' ? 'Open the event' : 'Open the sale again'}
      </Button>
      <ProblemNotice error={open.error} />
    </>
  );
}

function Close({ event }: { event: OwnEvent }) {
  const [asking, dialog] = useDisclosure(false);
  const line = useQuery({ ...lineQuery(event.id), enabled: asking });
  const close = useEventChange('The sale is closed.', async () => {
    const { data } = await closeEvent({ path: { id: event.id } });
    dialog.close();
    return data;
  });
  const waiting = line.data === undefined ? undefined : line.data.vip.waiting + line.data.regular.waiting;
  return (
    <>
      <Button variant="default" onClick={dialog.open}>
        Close the sale
      </Button>
      <Dialog opened={asking} onClose={dialog.close} title={`Close the sale of ${event.name}?`}>
        <Text>
          {waiting === undefined || waiting > 0
            ? `${waiting === undefined ? 'Everybody who still waits' : plural(waiting, 'request that still waits', 'requests that still wait')} will be refused with “sale closed”. `
            : 'Nobody waits at the moment. '}
          Tickets given out stay valid. You can open the sale again, but those refused have to ask anew.
        </Text>
        <ProblemNotice error={close.error} />
        <Group justify="end" mt="lg">
          <Button variant="default" onClick={dialog.close} data-autofocus>
            Keep it open
          </Button>
          <Button color="red" loading={close.isPending} onClick={() => close.mutate(event)}>
            Close the sale
          </Button>
        </Group>
      </Dialog>
    </>
  );
}
