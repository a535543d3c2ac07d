/** Which figure stands where in the printed tables. */
import { LEVELS } from './latency.mts';
import { CLIENTS } from './postgres.mts';
import type { Section } from './report.mts';
import { shapeName, SHAPES } from './scale.mts';
import type { Settings } from './stage.mts';

const COST = ['cpu.api', 'cpu.worker', 'cpu.postgres', 'cpu.redis', 'cpu.client'];
const of = (name: string, figures: readonly string[]) =>
  figures.map((figure) => (figure === '' ? '' : `${name}.${figure}`));

export function sections({ connections, depths, backlog }: Settings): Section[] {
  const flow = ['accepted', 'settled', 'growth', 'p50', 'p99'];
  const flowColumns = ['accepted/s', 'settled/s', 'line grows/s', 'p50 ms', 'p99 ms'];
  const waiting = (depth: number) =>
    depth === 0 ? 'nobody waiting' : `${depth.toLocaleString('en')} waiting`;
  const shapeText = ([apis, workers]: readonly [number, number]) => `${apis} API, ${workers} worker`;
  return [
    {
      title: `As much as goes: closed loop, ${connections} connections`,
      columns: flowColumns,
      rows: [
        { what: 'limit: empty route, Nest on Fastify', cells: of('limit', flow) },
        { what: 'baseline as usually written', cells: of('baseline.string', flow) },
        { what: 'baseline with a KeyObject', cells: of('baseline.object', flow) },
        { what: '… and its worker a process of its own', cells: of('baseline.apart', flow) },
        { what: 'Tixline, all on its embedded Postgres', cells: of('embedded', flow) },
        { what: '… API and worker a process each', cells: of('apart', flow) },
        { what: 'Tixline, line on Redis', cells: of('redis', flow) },
        { what: 'Tixline with an Idempotency-Key each', cells: of('keyed', flow) },
      ],
      notes: [
        'One process each, worker and all, if not said otherwise; the client beside them on the same cores.',
      ],
    },
    {
      title: 'The backlog alone, nobody asking',
      columns: ['settled/s'],
      rows: [
        { what: 'baseline as usually written', cells: ['baseline.string.drain'] },
        { what: 'baseline with a KeyObject', cells: ['baseline.object.drain'] },
        { what: '… and its worker a process of its own', cells: ['baseline.apart.drain'] },
        { what: `Tixline, one worker, ${backlog.toLocaleString('en')} requests`, cells: ['drain'] },
      ],
    },
    {
      title: 'What one request costs: CPU in µs',
      columns: ['API', 'worker', 'Postgres', 'Redis', 'client'],
      digits: 1,
      rows: [
        { what: 'Tixline, one process (its worker counts as API)', cells: of('embedded', COST) },
        { what: '… API and worker a process each', cells: of('apart', COST) },
        { what: '… line on Redis', cells: of('redis', COST) },
        { what: '… with an Idempotency-Key each', cells: of('keyed', COST) },
        ...SHAPES.map((shape) => ({
          what: `Tixline, ${shapeText(shape)}`,
          cells: of(shapeName(shape), COST),
        })),
        ...depths.map((depth) => ({
          what: `accept alone, line paused, ${waiting(depth)}`,
          cells: of(`depth${depth}`, COST),
        })),
        { what: 'settling alone, one worker', cells: of('drain', COST) },
        ...depths.map((depth) => ({
          what: `poll of the position, ${waiting(depth)}`,
          cells: of(`poll${depth}`, COST),
        })),
        { what: 'limit, POST', cells: of('limit', COST) },
        { what: 'limit, GET', cells: of('limit.get', COST) },
      ],
    },
    {
      title: 'At a fixed rate: open loop, from when a request was due to its 202',
      columns: ['rate', 'accepted/s', 'settled/s', 'p50 ms', 'p99 ms', 'most behind'],
      rows: LEVELS.map((level) => ({
        what: `${level} % of capacity`,
        cells: of(`at${level}`, ['rate', 'accepted', 'settled', 'p50', 'p99', 'behind']),
      })),
    },
    {
      title: 'From the 202 to the outcome, at half of capacity',
      columns: ['p50 ms', 'p99 ms', 'watched'],
      rows: [{ what: 'by Server-Sent Events', cells: of('outcome', ['p50', 'p99', 'watched']) }],
      notes: ['It includes the notice from the database, its gathering in the API, and one look-up.'],
    },
    {
      title: 'Polls of the position, and accepts, at a paused line',
      columns: ['polls/s', 'p50 ms', 'p99 ms', 'accepted/s', 'p50 ms', 'p99 ms'],
      rows: [
        { what: 'limit: empty GET route', cells: of('limit.get', ['rate', 'p50', 'p99', '', '', '']) },
        ...depths.map((depth) => ({
          what: waiting(depth),
          cells: [
            ...of(`poll${depth}`, ['rate', 'p50', 'p99']),
            ...of(`depth${depth}`, ['accepted', 'p50', 'p99']),
          ],
        })),
      ],
    },
    {
      title: 'Memory in MB; on disk, bytes for one waiting request',
      columns: ['API', 'grown by them', 'worker', 'Postgres', 'disk'],
      rows: [
        ...depths.map((depth) => ({
          what: waiting(depth),
          cells: of(`depth${depth}`, ['memory.api', 'grown', 'memory.worker', 'memory.postgres', 'disk']),
        })),
        ...SHAPES.map((shape) => ({
          what: shapeText(shape),
          cells: of(shapeName(shape), ['memory.api', '', 'memory.worker', 'memory.postgres', '']),
        })),
      ],
      notes: [
        'Resident; of Postgres, shared pages counted once. After all rounds. Of all processes of a kind together: where one API is',
        'named the second idles beside it.',
      ],
    },
    {
      title: 'More processes, one Postgres',
      columns: flowColumns,
      rows: SHAPES.map((shape) => ({ what: shapeText(shape), cells: of(shapeName(shape), flow) })),
    },
    {
      title: 'Postgres alone, same rows, same server',
      columns: ['per second'],
      rows: [
        { what: 'COPY of ticket rows', cells: ['copy'] },
        { what: 'INSERT … unnest of request rows, 500 at once', cells: ['insert'] },
        ...CLIENTS.map((clients) => ({
          what: `one conditional update each on one row, ${clients} client${clients === 1 ? '' : 's'}`,
          cells: [`update${clients}`],
        })),
      ],
    },
  ];
}
