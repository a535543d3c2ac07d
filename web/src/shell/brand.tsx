import { Group, Text } from '@mantine/core';

/** The mark (a ticket with a line in it) and the name. */
export function Brand() {
  return (
    <Group gap={8} wrap="nowrap">
      <svg width="30" height="30" viewBox="0 0 32 32" aria-hidden>
        <path
          fill="#4f46e5"
          d="M4 6h24a2 2 0 0 1 2 2v4.500a3.500 3.500 0 0 0 0 7V24a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2v-4.500a3.500 3.500 0 0 0 0-7V8a2 2 0 0 1 2-2z"
        />
        <path
          d="M12 12h10M12 16h7M12 20h4"
          fill="none"
          stroke="#fff"
          strokeWidth="2.4"
          strokeLinecap="round"
        />
      </svg>
      <Text fw={720} fz={20} component="span" style={{ letterSpacing: '-0.02em' }}>
        Tixline
      </Text>
    </Group>
  );
}
