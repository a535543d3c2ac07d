import { Button, Group, Stack, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { updateTicketType } from '../../api';
import type { OwnEvent, TicketType } from '../../server/model';
import { faultsByField } from '../../server/problem';
import { focusFirstFault } from '../../shell/focus-fault';
import { ProblemNotice } from '../../shell/problem-notice';
import { TierMark } from '../../shell/tier-mark';
import { centsOf, typeFaults } from './event-fields';
import { TypeRow } from './type-row';
import { useEventChange } from './use-event-change';
import classes from './organise.module.css';

/** Changes name, seats and price of one ticket type; never fewer seats than are sold. */
export function EditTypes({ event, type, sold }: { event: OwnEvent; type: TicketType; sold: number }) {
  const form = useForm<{ name: string; capacity: number | string; price: number | string }>({
    initialValues: { name: type.name, capacity: type.capacity, price: type.price_cents / 100 },
    validate: (fields) => typeFaults(fields),
  });
  const save = useEventChange('Saved.', async (headers) => {
    const { name, capacity, price } = form.values;
    const body = { name, capacity: Number(capacity), price_cents: centsOf(price) };
    return (await updateTicketType({ path: { id: event.id, tid: type.id }, body, headers })).data;
  });
  return (
    <form
      className={classes.sheet}
      onSubmit={form.onSubmit(
        () => save.mutate(event, { onError: (error) => form.setErrors(faultsByField(error)) }),
        focusFirstFault(form),
      )}
      noValidate
    >
      <Stack gap="sm">
        <Group gap="xs">
          <Title order={2}>{type.name} tickets</Title>
          <TierMark tier={type.tier} />
        </Group>
        <TypeRow currency={type.currency} sold={sold} input={(field) => form.getInputProps(field)} />
        <ProblemNotice error={save.error} />
        <Group justify="end">
          <Button type="submit" variant="default" disabled={!form.isDirty()} loading={save.isPending}>
            Save {type.name}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
