import fc from 'fast-check';
import { Verify } from '../../src/ledger';
import { SETTLEMENT } from '../../src/settlement';
import { Heartbeat } from '../../src/settlement/heartbeat';
import { INTAKE } from '../../src/ticket-requests/intake.sql';
import { CANCEL_ORDER } from '../../src/tickets/tickets.sql';
import { faultsIn } from '../support/books';
import { eventually } from '../support/eventually';
import { happenings, settleTheRest, type RealSale } from '../support/sale-commands';
import { SaleModel } from '../support/sale-model';
import { several, stopAll, without } from '../support/several';
import type { Person, Tixline } from '../support/tixline';

/**
 * More by hand: FC_RUNS=500. One again: FC_SEED and FC_PATH as the failure printed them, and its `replayPath` as
 * FC_REPLAY.
 */
const { FC_RUNS, FC_SEED, FC_PATH, FC_REPLAY } = process.env;
const RUNS = Number(FC_RUNS ?? 12);
const BUYERS = 3;
const MAX_PER_BUYER = 3;
/** For so long it looks, and once something is found makes it smaller. */
const LIMIT_MS = 30_000;

let tixlines: Tixline[] = [];
let buyers: Person[];
let staff: Person;

async function open(): Promise<void> {
  // Nobody ticks but the test.
  tixlines = await several(2);
  for (const { app } of tixlines) app.get(Heartbeat, { strict: false }).beforeApplicationShutdown();
  buyers = await tixlines[0]!.peopleOf(BUYERS);
  staff = await tixlines[0]!.person('staff');
}

const seats = fc.record({ vip: fc.integer({ min: 1, max: 6 }), regular: fc.integer({ min: 1, max: 8 }) });

/** A new event, all that happens to it, and then the books: those of the model, of the rules and of `tixline verify`. */
const anySale = fc.asyncProperty(
  seats,
  fc.commands(happenings(BUYERS), {
    maxCommands: 40,
    size: 'max',
    ...(FC_REPLAY && { replayPath: FC_REPLAY }),
  }),
  async (given, commands) => {
    const tixline = tixlines[0]!;
    const eventId = await tixline.event(given, { max_per_buyer: MAX_PER_BUYER });
    const real: RealSale = { tixlines, eventId, buyers, staff };
    const model = new SaleModel(given, MAX_PER_BUYER);
    await fc.asyncModelRun(() => ({ model, real }), commands);
    await settleTheRest(model, real);
    expect(await faultsIn(tixline)).toEqual([]);
    await eventually(async () => {
      await tixline.ledger.catchUp();
      const { checks } = await tixline.app.get(Verify, { strict: false }).run({ strict: true });
      expect(checks.filter(({ broken, not_checked }) => broken > 0 || not_checked !== null)).toEqual([]);
    });
  },
);

describe('in whatever order things happen', () => {
  beforeAll(open);
  afterAll(() => stopAll(tixlines));

  it(
    'everybody has what the rules give them, and the books are right',
    async () => {
      await fc.assert(anySale, {
        numRuns: RUNS,
        ...(FC_SEED && { seed: Number(FC_SEED) }),
        ...(FC_PATH && { path: FC_PATH }),
        ...(FC_RUNS === undefined && { interruptAfterTimeLimit: LIMIT_MS }),
      });
    },
    60_000 + RUNS * 10_000,
  );
});

describe('with a rule taken out', () => {
  const guarded = [{ ...SETTLEMENT }, { ...INTAKE }, { ...CANCEL_ORDER }] as const;
  beforeEach(open);
  afterEach(async () => {
    Object.assign(SETTLEMENT, guarded[0]);
    Object.assign(INTAKE, guarded[1]);
    Object.assign(CANCEL_ORDER, guarded[2]);
    await stopAll(tixlines);
  });

  it.each<[string, () => void, RegExp]>([
    [
      'VIPs accepted by now go first',
      () => {
        const vipLast =
          '(SELECT p.last_place FROM line_places p WHERE p.event_id = l.event_id AND p.tier = 1) AS vip_last';
        SETTLEMENT.read = without(SETTLEMENT.read, vipLast).replace(
          'e.max_per_buyer,',
          'e.max_per_buyer, 0 AS vip_last',
        );
      },
      /^a Regular was served while a VIP waited$/,
    ],
    [
      'what a buyer holds counts',
      () => {
        SETTLEMENT.take = SETTLEMENT.take.replace('coalesce(h.held, 0)', '0');
      },
      /-\s+"limit_reached"/,
    ],
    [
      'a key that is known is no new request',
      () => {
        INTAKE.accept = without(INTAKE.accept, 'WHERE k.user_id = i.user_id AND k.key = i.key').replace(
          'known.key IS NOT NULL',
          'false',
        );
      },
      /\+\s+503,\s+\+\s+"unavailable"/,
    ],
    [
      'an order is given back once',
      () => {
        CANCEL_ORDER.claim = without(CANCEL_ORDER.claim, ' AND returned_at IS NULL');
      },
      /Expected: 200\s+Received: 409/,
    ],
  ])(
    'some sequence shows that this no longer holds: %s',
    async (_, takeOut, shows) => {
      takeOut();
      const { errorInstance } = await fc.check(anySale, { numRuns: 50, endOnFailure: true, seed: 4 });
      expect(String((errorInstance as Error | null)?.message)).toMatch(shows);
    },
    60_000,
  );
});
