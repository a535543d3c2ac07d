/** What the load tests count and time. Every request that was asked is in exactly one of the first group. */
import { Counter, Gauge, Trend } from 'k6/metrics';

/** Requests asked, each once however often it had to be sent. */
export const asked = new Counter('asked');
export const accepted = new Counter('accepted');
/** Impossible ones: refused as they should be, or taken all the same. */
export const impossibleRefused = new Counter('impossible_refused');
export const impossibleTaken = new Counter('impossible_taken');
/** Answers that nobody should get, to whatever was asked; the log says which. */
export const unexpected = new Counter('unexpected');

/** Sent a second time with the same key: the first answer came again, or something else did. */
export const repeated = new Counter('repeated');
export const repeatedWrongly = new Counter('repeated_wrongly');
/** Told to come back (429, 503, key still in use), and did. */
export const toldToComeBack = new Counter('told_to_come_back');

/** Up by one when accepted, down by one at the outcome: 0 at the end says that nobody was left without. */
export const waiting = new Counter('waiting');
export const outcomes = new Counter('outcomes');
export const seatsGranted = new Counter('seats_granted');
/** Seats that are no longer on the shelf, as the event itself says afterwards. */
export const seatsGone = new Gauge('seats_gone');
/** From the first try to the 202, and from the 202 to the outcome that the buyer was told, both in milliseconds. */
export const timeToAccept = new Trend('time_to_accept', true);
export const timeToOutcome = new Trend('time_to_outcome', true);

/**
 * One when teardown has found the books in order. A counter, because k6 lets a rate that has no samples pass every
 * threshold, and a run that was never verified must fail.
 */
export const verified = new Counter('verified');
export const checksHeld = new Counter('checks_held');

const TIERS = ['VIP', 'Regular'];
const OUTCOMES = ['granted', 'sold_out', 'limit_reached'];

/** What every script wants: nothing unexpected, nobody left waiting, the books in order. */
export const COMMON_THRESHOLDS = {
  unexpected: ['count==0'],
  impossible_taken: ['count==0'],
  repeated_wrongly: ['count==0'],
  waiting: ['count==0'],
  verified: ['count==1'],
  ...splitUp(),
};

/** k6 keeps a metric apart by tag only where a threshold names it. These hold always. */
function splitUp() {
  const rules = {};
  for (const tier of TIERS) {
    for (const outcome of OUTCOMES) rules[`outcomes{tier:${tier},outcome:${outcome}}`] = ['count>=0'];
    for (const name of ['accepted', 'waiting', 'seats_granted'])
      rules[`${name}{tier:${tier}}`] = ['count>=0'];
    rules[`seats_gone{tier:${tier}}`] = ['value>=0'];
    for (const name of ['time_to_accept', 'time_to_outcome']) rules[`${name}{tier:${tier}}`] = ['p(99)>=0'];
  }
  rules['http_req_duration{name:position}'] = ['p(99)>=0'];
  return rules;
}
