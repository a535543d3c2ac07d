import { NumberInput, SimpleGrid, TextInput } from '@mantine/core';
import type { GetInputPropsReturnType } from '@mantine/form';
import type { ReactNode } from 'react';

/** Name, seats and price of one ticket type, in a row. */
export function TypeRow(props: {
  input: (field: 'name' | 'capacity' | 'price') => GetInputPropsReturnType;
  currency: string;
  sold: number;
  children?: ReactNode;
}) {
  const { input, currency, sold } = props;
  return (
    <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="sm">
      <TextInput label="Name" maxLength={60} {...input('name')} />
      <NumberInput
        label="Seats"
        description={sold > 0 ? `${sold} sold: no fewer than that` : undefined}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        min={sold}
        max={10_000_000}
        clampBehavior="none"
        allowDecimal={false}
        thousandSeparator=","
        {...input('capacity')}
      />
      <NumberInput
        label={`Price, ${currency}`}
        min={0}
        max={1_000_000}
        clampBehavior="none"
        {...input('price')}
      />
    </SimpleGrid>
  );
}
