import { ActionIcon } from '@mantine/core';
import { IconMinus, IconPlus } from '@tabler/icons-react';
import classes from './events.module.css';

/** How many tickets, from 1 to `most`. */
export function Quantity(props: {
  value: number;
  most: number;
  disabled: boolean;
  onChange: (value: number) => void;
}) {
  const { value, most, disabled, onChange } = props;
  return (
    <fieldset className={classes.quantity}>
      <legend className="unseen">How many tickets, at most {most}</legend>
      <div className={classes.stepper}>
        <ActionIcon
          variant="default"
          aria-label="One ticket less"
          disabled={disabled || value <= 1}
          onClick={() => onChange(value - 1)}
        >
          <IconMinus size={20} aria-hidden />
        </ActionIcon>
        <output className="figures" aria-live="polite">
          {value}
          <span className="unseen"> {value === 1 ? 'ticket' : 'tickets'}</span>
        </output>
        <ActionIcon
          variant="default"
          aria-label="One ticket more"
          disabled={disabled || value >= most}
          onClick={() => onChange(value + 1)}
        >
          <IconPlus size={20} aria-hidden />
        </ActionIcon>
      </div>
    </fieldset>
  );
}
