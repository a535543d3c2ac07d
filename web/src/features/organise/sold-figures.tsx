import { SimpleGrid, Table, Text, Title } from '@mantine/core';
import type { TicketType } from '../../server/model';
import { amount, count } from '../../shell/words';
import { seatsOf } from '../events/sale-state';
import classes from './organise.module.css';

/** What is sold, what is left, and what the sold ones cost at the present prices. `types` are as fresh as the page has them. */
export function SoldFigures({ types }: { types: readonly TicketType[] }) {
  const { capacity, remaining } = seatsOf(types);
  const currency = types[0]?.currency ?? 'EUR';
  const worth = types.reduce((sum, type) => sum + soldOf(type) * type.price_cents, 0);
  const figures = [
    ['Sold', `${count(capacity - remaining)} of ${count(capacity)}`],
    ['At today’s prices', amount(worth, currency)],
  ];
  return (
    <section className={classes.sheet} aria-labelledby="sold">
      <Title order={2} id="sold" mb="sm">
        Sold
      </Title>
      <SimpleGrid cols={2} mb="sm">
        {figures.map(([name, value]) => (
          <div key={name}>
            <Text size="sm" c="dimmed">
              {name}
            </Text>
            <div className={`figures ${classes.figure}`}>{value}</div>
          </div>
        ))}
      </SimpleGrid>
      <Table className="figures" aria-label="Sold by ticket type">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Type</Table.Th>
            <Table.Th ta="end">Sold</Table.Th>
            <Table.Th ta="end">Left</Table.Th>
            <Table.Th ta="end">Worth</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {types.map((type) => (
            <Table.Tr key={type.id}>
              <Table.Td>{type.name}</Table.Td>
              <Table.Td ta="end">{count(soldOf(type))}</Table.Td>
              <Table.Td ta="end">{count(type.remaining)}</Table.Td>
              <Table.Td ta="end">{amount(soldOf(type) * type.price_cents, type.currency)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}

const soldOf = ({ capacity, remaining }: TicketType): number => capacity - remaining;
