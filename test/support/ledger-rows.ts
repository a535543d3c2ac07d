import fc from 'fast-check';
import type { LedgerRow } from '../../src/ledger/ledger.sql';

/** What means something to a CSV reader, a spreadsheet, a terminal or a decoder. */
const DANGEROUS = [
  '=',
  '+',
  '-',
  '@',
  '\t',
  '\r',
  '\n',
  '\0',
  ',',
  '"',
  "'",
  ';',
  '|',
  ' ',
  '\\',
  '\u00A0',
  // The same in full width, other line ends, right to left, zero width, joined emoji, halves of a surrogate pair.
  '\uFF1D',
  '\uFF0B',
  '\uFF0D',
  '\uFF20',
  '\u0085',
  '\u2028',
  '\u2029',
  '\u202E',
  '\u200B',
  '\uFEFF',
  '🎤',
  '👩‍🎤',
  '\uD800',
  '\uDC00',
];

/** Whatever somebody may be called. */
export const anyName: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: fc.constantFrom(...DANGEROUS, 'a', '1') }),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
);

/** Any row of the ledger. */
export const ledgerRow: fc.Arbitrary<LedgerRow> = fc.record({
  txid: fc.constant('1'),
  id: fc.bigInt({ min: 1n, max: 2n ** 62n }).map(String),
  at: fc.date({ min: new Date('2020-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
  event_id: fc.integer({ min: 1, max: 0xff_ffff }),
  request_id: fc.uuid(),
  tier: fc.constantFrom(1 as const, 2 as const),
  quantity: fc.integer({ min: 1, max: 100 }),
  unit_price_cents: fc.nat(100_000_000),
  currency: fc.constant('EUR'),
  status: fc.constantFrom('granted' as const, 'refused' as const, 'cancelled' as const, 'returned' as const),
  reason: fc.constantFrom(null, 'sold_out', 'limit_reached'),
  user_name: anyName,
  user_email: fc.oneof(fc.emailAddress(), anyName),
});

/** A text as it comes back from a file: what UTF-8 cannot say, half a surrogate pair, is U+FFFD. */
export const asUtf8 = (text: string): string => Buffer.from(text).toString();
