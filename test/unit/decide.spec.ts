import fc from 'fast-check';
import { decide, seatsTaken, type Outcome, type Waiting } from '../../src/settlement';

const TYPES = [11, 22];
const BUYERS = [1, 2, 3];

const waiting = fc.record({
  ticketTypeId: fc.constantFrom(...TYPES),
  quantity: fc.integer({ min: 1, max: 5 }),
  buyer: fc.constantFrom(...BUYERS),
});
const scene = fc.record({
  requests: fc.array(waiting, { maxLength: 30 }),
  holds: fc.tuple(fc.nat(4), fc.nat(4), fc.nat(4)),
  maxPerBuyer: fc.integer({ min: 1, max: 6 }),
  seats: fc.tuple(fc.nat(20), fc.nat(20)),
});

type Scene = typeof scene extends fc.Arbitrary<infer T> ? T : never;

function batchOf({ requests, holds }: Scene): Waiting[] {
  return requests.map((request) => ({
    ...request,
    held: holds[BUYERS.indexOf(request.buyer)]!,
  }));
}

/** One after the other, as somebody at a counter would do it. */
function atTheCounter({ requests, holds, maxPerBuyer, seats }: Scene): Outcome[] {
  const wallet = [...holds];
  const shelf = [...seats];
  return requests.map(({ ticketTypeId, quantity, buyer }) => {
    const who = BUYERS.indexOf(buyer);
    const type = TYPES.indexOf(ticketTypeId);
    if (wallet[who]! + quantity > maxPerBuyer) return 'limit_reached';
    if (shelf[type]! < quantity) return 'sold_out';
    wallet[who]! += quantity;
    shelf[type]! -= quantity;
    return null;
  });
}

const shelfOf = ({ seats }: Scene) => new Map(TYPES.map((type, i) => [type, seats[i]!]));

describe('deciding a batch', () => {
  it('is what serving one after the other gives', () => {
    fc.assert(
      fc.property(scene, (given) => {
        const rules = { state: 'open' as const, maxPerBuyer: given.maxPerBuyer, shelf: shelfOf(given) };
        expect(decide(batchOf(given), rules)).toEqual(atTheCounter(given));
      }),
      { numRuns: 1_000 },
    );
  });

  it('never takes more than is on the shelf, nor gives anybody more than the limit', () => {
    fc.assert(
      fc.property(scene, (given) => {
        const batch = batchOf(given);
        const outcomes = decide(batch, {
          state: 'open',
          maxPerBuyer: given.maxPerBuyer,
          shelf: shelfOf(given),
        });
        for (const [type, taken] of seatsTaken(batch, outcomes)) {
          expect(taken).toBeLessThanOrEqual(given.seats[TYPES.indexOf(type)]!);
        }
        for (const [i, buyer] of BUYERS.entries()) {
          const got = batch.reduce(
            (sum, { buyer: who, quantity }, n) =>
              sum + (who === buyer && outcomes[n] === null ? quantity : 0),
            0,
          );
          expect(got === 0 || got + given.holds[i]! <= given.maxPerBuyer).toBe(true);
        }
      }),
    );
  });

  it('refuses nobody who would still fit when all are through', () => {
    fc.assert(
      fc.property(scene, (given) => {
        const batch = batchOf(given);
        const outcomes = decide(batch, {
          state: 'open',
          maxPerBuyer: given.maxPerBuyer,
          shelf: shelfOf(given),
        });
        const taken = seatsTaken(batch, outcomes);
        outcomes.forEach((outcome, i) => {
          if (outcome !== 'sold_out') return;
          const { ticketTypeId, quantity } = batch[i]!;
          const left = given.seats[TYPES.indexOf(ticketTypeId)]! - (taken.get(ticketTypeId) ?? 0);
          expect(left).toBeLessThan(quantity);
        });
      }),
    );
  });

  it('without a shelf has enough of everything, and a refusal for the limit uses up nothing', () => {
    fc.assert(
      fc.property(scene, (given) => {
        const plenty = { ...given, seats: [1e6, 1e6] as [number, number] };
        expect(decide(batchOf(given), { state: 'open', maxPerBuyer: given.maxPerBuyer })).toEqual(
          atTheCounter(plenty),
        );
      }),
    );
  });

  it('of an event that is not open refuses all, by its state', () => {
    fc.assert(
      fc.property(scene, (given) => {
        const batch = batchOf(given);
        const all = (state: 'closed' | 'draft' | 'completed' | 'cancelled') =>
          new Set(decide(batch, { state, maxPerBuyer: 4 }));
        const nobody = batch.length === 0;
        for (const state of ['closed', 'draft', 'completed'] as const) {
          expect(all(state)).toEqual(new Set(nobody ? [] : ['sale_closed']));
        }
        expect(all('cancelled')).toEqual(new Set(nobody ? [] : ['event_cancelled']));
      }),
    );
  });

  it('counts seats by type in ascending order: the order of the locks', () => {
    fc.assert(
      fc.property(scene, (given) => {
        const batch = batchOf(given);
        const types = [
          ...seatsTaken(
            batch,
            batch.map(() => null),
          ).keys(),
        ];
        expect(types).toEqual(types.toSorted((a, b) => a - b));
      }),
    );
  });
});
