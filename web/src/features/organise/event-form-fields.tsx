import { NumberInput, SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core';
import type { EventForm } from './event-fields';

/** The fields that a new event and a changed one share. */
export function EventFormFields({ form }: { form: EventForm }) {
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
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
        <TextInput
          type="datetime-local"
          label="Begins"
          description={`Times in ${zone}`}
          required
          {...form.getInputProps('starts_at')}
        />
        <TextInput
          type="datetime-local"
          label="Ends"
          description="May stay open"
          {...form.getInputProps('ends_at')}
        />
        <TextInput
          type="datetime-local"
          label="Sale opens"
          description="Empty: as soon as you open it"
          {...form.getInputProps('sale_opens_at')}
        />
        <TextInput
          type="datetime-local"
          label="Sale closes"
          description="Empty: when you close it"
          {...form.getInputProps('sale_closes_at')}
        />
        <NumberInput
          label="Tickets per person, at most"
          description="However they were got"
          min={1}
          max={100}
          allowDecimal={false}
          {...form.getInputProps('max_per_buyer')}
        />
        <NumberInput
          label="Pace, requests per second"
          description="Empty: as fast as it goes"
          min={1}
          max={1_000_000}
          allowDecimal={false}
          {...form.getInputProps('pace')}
        />
      </SimpleGrid>
    </Stack>
  );
}
