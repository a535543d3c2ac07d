import { Text } from '@mantine/core';
import { IconCircleCheckFilled, IconCircleXFilled, IconTicket, type Icon } from '@tabler/icons-react';
import type { CheckedInDto, VerifiedDto } from '../../api';
import { exactTime, timeOfDay } from '../../shell/words';
import classes from './door.module.css';

const REASONS: Record<string, [word: string, advice: string]> = {
  already_used: ['Used already', 'Somebody has entered with this ticket.'],
  entered: ['Used already', 'Somebody has entered with this ticket.'],
  cancelled: ['Cancelled', 'The ticket was given back. Send the holder to the box office.'],
  entry_denied: ['Denied before', 'Entry was denied with this ticket.'],
  denied: ['Denied before', 'Entry was denied with this ticket.'],
  expired: ['Code too old', 'Ask the holder to open My tickets again: it shows a fresh code.'],
  wrong_event: ['Another event', 'The ticket is good, but not for tonight.'],
  unknown: [
    'Not a ticket',
    'No QR code of ours. Scan the one on the holder’s ticket page: entry codes and ticket numbers do not work here.',
  ],
};

/** The answer in one large word with its sign: admitted, good, or why not. */
export function ScanResult({ seen, entered }: { seen: VerifiedDto; entered: CheckedInDto | undefined }) {
  const reason = entered?.ok === false ? entered.reason : seen.reason;
  const [word, advice] = REASONS[reason ?? ''] ?? ['Not valid', reason ?? 'This ticket lets nobody in.'];
  const at = entered?.entered_at ?? seen.ticket?.entered_at;
  if (entered?.ok === true)
    return <Sheet tone="good" icon={IconCircleCheckFilled} word="Admitted" seen={seen} note="Let them in." />;
  if (entered === undefined && seen.valid)
    return (
      <Sheet tone="ready" icon={IconTicket} word="Valid" seen={seen} note="Not in yet. Check in below." />
    );
  const since = at ? ` First entry at ${timeOfDay(at)}.` : '';
  return (
    <Sheet
      tone="bad"
      icon={IconCircleXFilled}
      word={word}
      seen={seen}
      note={advice + since}
      title={at ? exactTime(at) : undefined}
    />
  );
}

function Sheet(props: {
  tone: 'good' | 'ready' | 'bad';
  icon: Icon;
  word: string;
  seen: VerifiedDto;
  note: string;
  title?: string | undefined;
}) {
  const { icon: Picture, seen } = props;
  return (
    <div className={classes.sheet} data-tone={props.tone} title={props.title}>
      <Picture size={72} aria-hidden />
      <div className={classes.word}>{props.word}</div>
      <Text fz="lg">{props.note}</Text>
      {seen.ticket && (
        <Text mt="sm" fw={600}>
          {seen.ticket.holder}, {seen.ticket.ticket_type}
          <br />
          {seen.ticket.code}, {seen.ticket.event}
        </Text>
      )}
    </div>
  );
}
