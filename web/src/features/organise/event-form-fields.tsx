import { NativeSelect, NumberInput, SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core';
import { useMemo } from 'react';
import { viewerZone, zonesByRegion } from '../../shell/zones';
import type { EventForm } from './event-fields';

const TIMES = [
  { field: 'starts_at', label: 'Begins', hint: 'By the clocks of the zone above' },
  { field: 'ends_at', label: 'Ends', hint: 'Optional' },
  { field: 'sale_opens_at', label: 'Sale opens', hint: 'Empty: as soon as you open it' },
  { field: 'sale_closes_at', label: 'Sale closes', hint: 'Empty: when you close it' },
] as const;

/** The fields of an event. The pace is among them until its line runs: from then on it is set there. */
export function EventFormFields({ form, runs }: { form: EventForm; runs: boolean }) {
  const { time_zone: zone } = form.values;
  const zones = useMemo(() => zonesByRegion(viewerZone(), zone), [zone]);
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
      <NativeSelect
        label="Time zone"
        description="Of the place. All times of the event are told in it; buyers elsewhere see their own beside them."
        data={zones}
        {...form.getInputProps('time_zone')}
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
