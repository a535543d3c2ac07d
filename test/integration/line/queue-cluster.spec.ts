import { createQueueHome, EventLines, type QueueHome } from '../../../src/platform/queue';
import { VIP } from '../../../src/shared/tier';
import { endsWithin } from '../../support/ends-within';
import { eventually } from '../../support/eventually';
import { hasRedisServer } from '../../support/own-redis';
import { startOwnRedisCluster, type OwnRedisCluster } from '../../support/own-redis-cluster';

const all = { maxRequests: 100, maxJobs: 100, token: 'worker' };
const permit = (eventId: number) => ({ eventId, tier: VIP, from: 1, to: 1, requests: 1 }) as const;

if (!hasRedisServer()) process.stderr.write('The faults of a cluster are skipped: no program redis-server\n');
(hasRedisServer() ? describe : describe.skip)('a Redis Cluster that loses a node', () => {
  let cluster: OwnRedisCluster;
  let home: QueueHome;
  let lines: EventLines;

  beforeAll(async () => {
    cluster = await startOwnRedisCluster();
    // An endpoint in place of a list: the other nodes are learnt of.
    const redisUrl = `${cluster.nodes[1]!.url}?cluster=true`;
    home = await createQueueHome({ redisUrl, prefix: 'test' }, { log: () => undefined });
    lines = new EventLines(home);
  });
  afterAll(async () => {
    await lines.close();
    await home.close();
    await cluster.remove();
  });

  it('goes on with the lines of the others, fails those of the lost one in time, and takes them again', async () => {
    const living: number[] = [];
    let lost: number | undefined;
    for (let eventId = 1; lost === undefined || living.length < 5; eventId += 1) {
      await lines.offer(permit(eventId));
      if ((await cluster.nodeOf(eventId)) === 0) lost ??= eventId;
      else living.push(eventId);
    }
    await cluster.nodes[0]!.stop();

    for (const question of [lines.offer(permit(lost)), lines.waitingJobs(lost), lines.pause(lost)]) {
      expect(await endsWithin(1_500, question)).toBe(true);
      await expect(question).rejects.toThrow();
    }
    for (const eventId of living) {
      const claimed = await lines.claim(eventId, all);
      expect(await lines.complete(claimed)).toBe(1);
      await lines.offer(permit(eventId));
    }
    expect(await home.ready()).toBe(true);

    await cluster.nodes[0]!.start();
    await eventually(() => lines.offer(permit(lost)));
    // An offer that was given up on may have arrived all the same: a permit that comes twice lets nobody else in.
    const claimed = await lines.claim(lost, all);
    expect(new Set(claimed.map(({ from, to }) => `${from}-${to}`))).toEqual(new Set(['1-1']));
  });
});
