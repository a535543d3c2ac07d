import { settingsOf, tixlineCommand } from '../../support/command-line';
import { eventually } from '../../support/eventually';
import { ownFolder, TixlineProcess } from '../../support/tixline-process';
import { Tixline, type Person } from '../../support/tixline';

// Each test starts processes, which take their time on a busy machine.
jest.setTimeout(60_000);

describe('a running server and the command line share one line', () => {
  let tixline: Tixline;
  let buyer: Person;
  let eventId: number;
  const run = (line: string) => tixlineCommand(line.split(' '), { env: settingsOf(tixline) });
  const statusOf = async (id: string) =>
    (await tixline.get(`/api/queue/position?request_id=${id}`, { as: buyer })).json<{ status: string }>()
      .status;

  beforeAll(async () => {
    tixline = await Tixline.start({ tickIntervalMs: 50 });
    eventId = await tixline.event({ vip: 2, regular: 5 });
    buyer = await tixline.person();
  });
  afterAll(() => tixline.stop());

  it("settles with the server's tick what was asked at the prompt", async () => {
    const { request_id } = (await run(`request --event ${eventId} --email ${buyer.email} --json`)).json();
    await eventually(async () => expect(await statusOf(request_id as string)).toBe('granted'));
  });

  it('obeys a pause that another process orders, and its end', async () => {
    await run(`line pause --event ${eventId}`);
    const { request_id } = (await tixline.ask(buyer, eventId)).json<{ request_id: string }>();
    const line = (await tixline.get(`/api/events/${eventId}/line`)).json();
    expect(line).toMatchObject({ paused: true });
    // Some twenty ticks of the server: more than any other request here has waited.
    await expect(
      eventually(async () => expect(await statusOf(request_id)).toBe('granted'), 1_000),
    ).rejects.toThrow('queued');
    await run(`line resume --event ${eventId}`);
    await eventually(async () => expect(await statusOf(request_id)).toBe('granted'));
  });
});

describe('the embedded server', () => {
  it('is started by a command where none runs, and shared with the server of that folder', async () => {
    const folder = ownFolder();
    const env = { DATA_DIR: `${folder.path}/data`, DEMO: 'true' };
    try {
      expect(await tixlineCommand(['seed'], { env })).toMatchObject({ code: 0, err: '' });
      const server = await TixlineProcess.ready(folder.path, { DEMO: 'true' });
      try {
        expect(await tixlineCommand(['request', '--type', 'VIP'], { env })).toMatchObject({ code: 0 });
        await eventually(async () => {
          const left = await server.call<{ vip_left: number }>('GET', '/api/availability?event_id=1');
          expect(left.vip_left).toBe(19);
        });
        const verified = await tixlineCommand(['verify'], { env });
        expect(verified).toMatchObject({ code: 0 });
      } finally {
        await server.end();
      }
    } finally {
      folder.remove();
    }
  }, 60_000);
});
