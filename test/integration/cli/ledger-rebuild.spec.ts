import { readFileSync, writeFileSync } from 'node:fs';
import { settingsOf, tixlineCommand } from '../../support/command-line';
import { eventually } from '../../support/eventually';
import { Tixline } from '../../support/tixline';

describe('tixline ledger rebuild', () => {
  let tixline: Tixline;
  beforeAll(async () => {
    tixline = await Tixline.start();
  });
  afterAll(() => tixline.stop());

  it('writes the very bytes that the writer wrote, whatever became of the file', async () => {
    const { path } = tixline.ledger;
    const eventId = await tixline.event({ vip: 30, regular: 60 });
    const people = await tixline.peopleOf(60, 'attendee', 'Zoë "=1+1", née\tÅse');
    // In several transactions, and past a number of digits: ten and more rows are written at once.
    for (let at = 0; at < people.length; at += 20) {
      await Promise.all(
        people.slice(at, at + 20).map((who, i) => tixline.ask(who, eventId, i % 3 ? 'Regular' : 'VIP')),
      );
      await tixline.settleAll();
    }
    await eventually(async () => {
      await tixline.ledger.catchUp();
      expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(people.length + 2);
    });
    const written = readFileSync(path);

    writeFileSync(path, 'gone wrong');
    const rebuilt = await tixlineCommand(['ledger', 'rebuild', '--json'], { env: settingsOf(tixline) });
    expect(rebuilt.json()).toMatchObject({ path, rows: people.length, bytes: written.length });
    expect(readFileSync(path).equals(written)).toBe(true);

    // The writer goes on behind it.
    await tixline.ask((await tixline.peopleOf(1))[0]!, eventId);
    await tixline.settleAll();
    await eventually(async () => {
      await tixline.ledger.catchUp();
      expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(people.length + 3);
    });
    expect(await tixlineCommand(['verify', '--strict'], { env: settingsOf(tixline) })).toMatchObject({
      code: 0,
    });
  }, 60_000);
});
