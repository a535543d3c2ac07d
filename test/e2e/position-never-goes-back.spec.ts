import { LineBoard } from '../../src/line';
import { several, stopAll } from '../support/several';
import type { Tixline } from '../support/tixline';

interface Standing {
  request_id: string;
  position: number;
}

describe('a position never goes back', () => {
  let processes: Tixline[];
  let tixline: Tixline;
  beforeAll(async () => {
    processes = await several(2);
    tixline = processes[0]!;
  });
  afterAll(() => stopAll(processes));

  it('not while people ahead leave at another process and this one reads the line many times at once', async () => {
    const eventId = await tixline.event({ regular: 1_000 });
    const people = await tixline.peopleOf(200);
    const ids = (await Promise.all(people.map((person) => tixline.ask(person, eventId)))).map(
      (answer) => answer.json<Standing>().request_id,
    );
    const last = { id: ids.toSorted().at(-1)!, as: people[ids.indexOf(ids.toSorted().at(-1)!)]! };
    const board = tixline.app.get(LineBoard);
    let lowest = Infinity;
    let back = 0;
    let running = true;
    const watch = async () => {
      while (running) {
        const { position } = (
          await tixline.get(`/api/queue/position?request_id=${last.id}`, { as: last.as })
        ).json<Standing>();
        if (position > lowest) back += 1;
        lowest = Math.min(lowest, position);
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const read = async () => {
      while (running) await board.refresh([eventId]);
    };
    const working = [watch(), read(), read(), read(), read()];
    const leaving = ids.toSorted().slice(0, 190);
    for (let i = 0; i < leaving.length; i += 10) {
      await Promise.all(
        leaving
          .slice(i, i + 10)
          .map((id) => processes[1]!.delete(`/api/ticket-requests/${id}`, { as: people[ids.indexOf(id)]! })),
      );
    }
    await board.refresh([eventId]);
    running = false;
    await Promise.all(working);
    expect(back).toBe(0);
  });
});
