import { Button, Group, Stack, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { updateEvent } from '../../api';
import type { OwnEvent } from '../../server/model';
import { faultsByField } from '../../server/problem';
import { focusFirstFault } from '../../shell/focus-fault';
import { ProblemNotice } from '../../shell/problem-notice';
import { bodyOf, eventRules, fieldsOf } from './event-fields';
import { EventFormFields } from './event-form-fields';
import { useEventChange } from './use-event-change';
import classes from './organise.module.css';

/** Changes what an event says of itself. */
export function EditEvent({ event }: { event: OwnEvent }) {
  const runs = event.state !== 'draft';
  const form = useForm({ initialValues: fieldsOf(event), validate: eventRules });
  const save = useEventChange('Saved.', async (headers) => {
    const { pace, ...body } = bodyOf(form.values);
    // Once the line runs its pace is set there, and may have moved on since this form was opened.
    return (await updateEvent({ path: { id: event.id }, body: runs ? body : { ...body, pace }, headers }))
      .data;
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
      <Stack>
        <Title order={2}>Event</Title>
        <EventFormFields form={form} runs={runs} />
        <ProblemNotice error={save.error} />
        <Group justify="end">
          <Button type="submit" disabled={!form.isDirty()} loading={save.isPending}>
            Save the event
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
