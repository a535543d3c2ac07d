import { NumberInput, SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core';
import type { EventForm } from './event-fields';

const TIMES = [
  {
    field: 'starts_at',
    label: 'Begins',
    hint: `Times in ${new Intl.DateTimeFormat().resolvedOptions().timeZone}`,
  },
  { field: 'ends_at', label: 'Ends', hint: 'May stay open' },
  { field: 'sale_opens_at', label: 'Sale opens', hint: 'Empty: as soon as you open it' },
  { field: 'sale_closes_at', label: 'Sale closes', hint: 'Empty: when you close it' },
] as const;

/** The fields of an event. The pace is among them until its line runs: from then on it is set there. */
export function EventFormFields({ form, runs }: { form: EventForm; runs: boolean }) {
  return (
    <Stack>
      <TextInput label="Name" maxLength={200} required {...form.getInputProps('name')} />
      <TextInput label="Place" maxLength={200} {...form.getInputProps('venue')} />
      <Textarea
        label="Description"
        autosize
        minRows={3}
        maxRows={12}
        {...form.getInputProps('description')}
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        {TIMES.map(({ field, label, hint }) => (
          <TextInput
            key={field}
            type="datetime-local"
            label={label}
            description={hint}
            required={field === 'starts_at'}
            {...form.getInputProps(field)}
          />
        ))}
        <NumberInput
          label="Tickets per person, at most"
          description="However they were got"
          min={1}
          max={100}
          allowDecimal={false}
          {...form.getInputProps('max_per_buyer')}
        />
        {!runs && (
          <NumberInput
            label="Pace, requests per second"
            description="Empty: as fast as it goes"
            min={1}
            max={1_000_000}
            allowDecimal={false}
            {...form.getInputProps('pace')}
          />
        )}
      </SimpleGrid>
    </Stack>
  );
}
