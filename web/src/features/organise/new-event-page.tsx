import { Button, Fieldset, Group, Paper, Stack, Switch, Text, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from 'react-router';
import { createEvent } from '../../api';
import type { Tier } from '../../server/model';
import { faultsByField } from '../../server/problem';
import { keys } from '../../server/queries';
import { focusFirstFault } from '../../shell/focus-fault';
import { usePageTitle } from '../../shell/page-title';
import { ProblemNotice } from '../../shell/problem-notice';
import { bodyOf, centsOf, eventRules, fieldsOf, typeFaults, type TypeFields } from './event-fields';
import { EventFormFields } from './event-form-fields';
import { TypeRow } from './type-row';

const TIERS: readonly Tier[] = ['VIP', 'Regular'];
const NO_TYPES: Record<Tier, TypeFields> = {
  VIP: { wanted: true, name: 'VIP', capacity: 20, price: 0 },
  Regular: { wanted: true, name: 'Regular', capacity: 80, price: 0 },
};

/** Makes an event as a draft, which only its organiser sees until it is opened. */
export function NewEventPage() {
  usePageTitle('New event');
  const navigate = useNavigate();
  const cache = useQueryClient();
  const form = useForm({ initialValues: fieldsOf(undefined), validate: eventRules });
  const types = useForm({
    initialValues: NO_TYPES,
    validate: (tiers) =>
      Object.assign(
        {},
        ...TIERS.filter((tier) => tiers[tier].wanted).map((tier) => typeFaults(tiers[tier], `${tier}.`)),
      ),
  });
  const create = useMutation({
    mutationFn: async () => {
      const wanted = TIERS.filter((tier) => types.values[tier].wanted);
      const ticketTypes = wanted.map((tier) => {
        const { name, capacity, price } = types.values[tier];
        return { tier, name, capacity: Number(capacity), price_cents: centsOf(price) };
      });
      return (await createEvent({ body: { ...bodyOf(form.values), ticket_types: ticketTypes } })).data;
    },
    onSuccess: async (event) => {
      void cache.invalidateQueries({ queryKey: keys.ownEvents });
      await navigate(`/manage/events/${event.id}`);
    },
    onError: (error) => {
      form.setErrors(faultsByField(error));
      focusFirstFault(form)(faultsByField(error));
    },
  });
  const submit = form.onSubmit(
    async () => {
      const { hasErrors, errors } = await types.validate();
      if (hasErrors) focusFirstFault(types)(errors);
      else create.mutate();
    },
    (errors) => {
      void types.validate();
      focusFirstFault(form)(errors);
    },
  );
  const none = TIERS.every((tier) => !types.values[tier].wanted);
  return (
    <Paper maw={760} mx="auto" p={{ base: 'md', xs: 'xl' }} radius="lg" withBorder bg="var(--tix-card)">
      <form onSubmit={submit} noValidate>
        <Stack>
          <Title order={1}>New event</Title>
          <EventFormFields form={form} runs={false} />
          {TIERS.map((tier) => (
            <Fieldset
              key={tier}
              legend={tier === 'VIP' ? 'VIP, who go first' : 'Regular'}
              radius="md"
              bg="transparent"
            >
              <Switch
                label={`Give out ${tier} tickets`}
                styles={{ body: { minHeight: 44, alignItems: 'center' } }}
                {...types.getInputProps(`${tier}.wanted`, { type: 'checkbox' })}
              />
              {types.values[tier].wanted && (
                <TypeRow currency="EUR" sold={0} input={(field) => types.getInputProps(`${tier}.${field}`)} />
              )}
            </Fieldset>
          ))}
          {none && <Text c="var(--tix-bad)">An event needs tickets of one type at least.</Text>}
          <ProblemNotice error={create.error} />
          <Group justify="end">
            <Button component={Link} to="/manage" variant="default">
              Back
            </Button>
            <Button type="submit" disabled={none} loading={create.isPending}>
              Create as draft
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}
