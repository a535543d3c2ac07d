import { Group, Radio, Stack, Text } from '@mantine/core';
import type { TicketType, Tier } from '../../server/model';
import { TierMark } from '../../shell/tier-mark';
import { money } from '../../shell/words';
import { LeftBar } from './left-bar';
import classes from './events.module.css';

/** The ticket types as cards of which one is chosen, each with its price and what is left of it now. */
export function TypeChoice(props: {
  types: readonly TicketType[];
  chosen: Tier | undefined;
  onChoose: (tier: Tier) => void;
  disabled: boolean;
}) {
  return (
    <Radio.Group
      aria-label="Type of ticket"
      value={props.chosen ?? null}
      onChange={(tier) => props.onChoose(tier)}
    >
      <Stack gap="sm">
        {props.types.map((type) => (
          <Radio.Card
            key={type.id}
            value={type.tier}
            className={classes.choice}
            disabled={props.disabled || type.remaining === 0}
            aria-label={`${type.name}, ${money(type.price_cents, type.currency)}, ${type.remaining} left`}
          >
            <Group justify="space-between" wrap="nowrap" mb={10}>
              <Group gap={10} wrap="nowrap">
                <Radio.Indicator />
                {type.tier === 'VIP' && <TierMark tier="VIP" size="lg" />}
                {type.name !== 'VIP' && <Text fw={620}>{type.name}</Text>}
              </Group>
              <Text className="figures" fw={560}>
                {money(type.price_cents, type.currency)}
              </Text>
            </Group>
            <LeftBar capacity={type.capacity} remaining={type.remaining} />
          </Radio.Card>
        ))}
      </Stack>
    </Radio.Group>
  );
}
