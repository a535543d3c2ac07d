/** What a rush came to, as aligned tables. */
import type { Asked, Tally, TierName } from './buyers.mts';
import type { Turns } from './turns.mts';

/** The value below which `share` of the numbers lie. */
function quantile(numbers: readonly number[], share: number): number {
  if (numbers.length === 0) return NaN;
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

export interface Course {
  /** Requests that were to be accepted. */
  readonly possible: number;
  readonly acceptSeconds: number;
  readonly settleSeconds: number;
  readonly backlogAtEnd: number;
  readonly settled: number;
}

export function summary(tally: Tally, course: Course, turns: Turns) {
  const { accepted, acceptMs, pollMs } = tally;
  return {
    possible: course.possible,
    accepted: accepted.length,
    accepted_per_second: Math.round(accepted.length / course.acceptSeconds),
    settled: course.settled,
    settled_per_second: Math.round(course.settled / course.settleSeconds),
    waiting_when_the_last_had_asked: course.backlogAtEnd,
    accept_ms: { p50: round(quantile(acceptMs, 0.5)), p99: round(quantile(acceptMs, 0.99)) },
    polls: tally.polls,
    poll_ms: { p50: round(quantile(pollMs, 0.5)), p99: round(quantile(pollMs, 0.99)) },
    tiers: { VIP: tierSummary(accepted, 'VIP'), Regular: tierSummary(accepted, 'Regular') },
    repeated_same_answer: tally.repeated,
    repeated_wrongly: tally.repeatedWrongly,
    impossible_refused: tally.impossible,
    impossible_taken: tally.impossibleTaken,
    told_to_come_back: tally.deferred,
    unexpected: Object.fromEntries(tally.unexpected),
    turns,
  };
}

export type Summary = ReturnType<typeof summary>;

/** What was not as it should be, each in words; empty when all was well. */
export function faultsOf(result: Summary): string[] {
  const { possible, accepted, tiers, unexpected } = result;
  const unanswered = tiers.VIP.unanswered + tiers.Regular.unanswered;
  const { repeated_wrongly: repeatedWrongly, impossible_taken: impossibleTaken } = result;
  const faults: [boolean, string][] = [
    [accepted !== possible, `${accepted} of ${possible} possible requests were accepted`],
    [accepted === 0, 'there was nothing to settle'],
    [unanswered > 0, `${unanswered} accepted requests have no outcome`],
    [Object.keys(unexpected).length > 0, `unexpected answers: ${JSON.stringify(unexpected)}`],
    [repeatedWrongly > 0, `${repeatedWrongly} repeats of a key had another answer`],
    [impossibleTaken > 0, `${impossibleTaken} impossible quantities were not refused`],
    [!result.turns.in_order, 'VIPs who asked after Regulars were not all settled before them'],
  ];
  return faults.filter(([failed]) => failed).map(([, fault]) => fault);
}

function tierSummary(accepted: readonly Asked[], tier: TierName) {
  const own = accepted.filter((asked) => asked.tier === tier);
  const waits = own.flatMap((asked) =>
    asked.settledAtMs === undefined ? [] : [asked.settledAtMs - asked.acceptedAtMs],
  );
  const outcomes = (name: string) => own.filter((asked) => asked.outcome === name).length;
  return {
    asked: own.length,
    granted: outcomes('granted'),
    sold_out: outcomes('sold_out'),
    limit_reached: outcomes('limit_reached'),
    unanswered: own.filter((asked) => asked.outcome === undefined).length,
    wait_seconds: { p50: round(quantile(waits, 0.5) / 1_000), p99: round(quantile(waits, 0.99) / 1_000) },
  };
}

export function print(result: Summary, home: string): string {
  const { tiers, turns } = result;
  const rows = [
    ['', 'VIP', 'Regular'],
    ['accepted', tiers.VIP.asked, tiers.Regular.asked],
    ['granted', tiers.VIP.granted, tiers.Regular.granted],
    ['refused: sold out', tiers.VIP.sold_out, tiers.Regular.sold_out],
    ['refused: limit reached', tiers.VIP.limit_reached, tiers.Regular.limit_reached],
    ['without an answer', tiers.VIP.unanswered, tiers.Regular.unanswered],
    [
      'accepted to known outcome, p50',
      `${tiers.VIP.wait_seconds.p50} s`,
      `${tiers.Regular.wait_seconds.p50} s`,
    ],
    [
      'accepted to known outcome, p99',
      `${tiers.VIP.wait_seconds.p99} s`,
      `${tiers.Regular.wait_seconds.p99} s`,
    ],
  ];
  const facts = [
    ['accepted', `${result.accepted} requests, ${result.accepted_per_second}/s`],
    ['settled', `${result.settled} requests, ${result.settled_per_second}/s`],
    ['still waiting when the last had asked', result.waiting_when_the_last_had_asked],
    ['time to the 202, p50 and p99', `${result.accept_ms.p50} ms, ${result.accept_ms.p99} ms`],
    ['polls, p50 and p99', `${result.polls}, ${result.poll_ms.p50} ms, ${result.poll_ms.p99} ms`],
    [
      'sent twice with one key: same answer',
      `${result.repeated_same_answer}, otherwise ${result.repeated_wrongly}`,
    ],
    ['impossible quantities refused', `${result.impossible_refused}, taken ${result.impossible_taken}`],
    ['told to come back, and did', result.told_to_come_back],
    ['anything unexpected', JSON.stringify(result.unexpected)],
    [
      'VIPs who asked after Regulars',
      `${turns.then_vips} after ${turns.regulars_first}, ${turns.in_order ? 'all' : 'NOT all'} settled before them`,
    ],
  ];
  return `\nThe rush, line on ${home}\n\n${table(facts)}\n\n${table(rows)}\n`;
}

function table(rows: readonly (readonly unknown[])[]): string {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => String(row[i]).length)));
  return rows
    .map((row) =>
      row.map((cell, i) =>
        i === 0 || row.length === 2 ? String(cell).padEnd(widths[i]!) : String(cell).padStart(widths[i]!),
      ),
    )
    .map((cells) => `  ${cells.join('   ')}`.trimEnd())
    .join('\n');
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
