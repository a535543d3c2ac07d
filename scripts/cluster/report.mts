/** What a run on the cluster came to, as aligned tables. */
import type { faultsOf, Summary } from '../rush/report.mts';
import type { Asked, Crowd } from './crowd.mts';

export interface Results {
  /** Of the machine when it began; whatever else ran on it is in the figures. */
  readonly loadAverage: number;
  loadAverageAfter?: number;
  conformance?: { readonly passed: number; readonly failed: number };
  rush?: Summary & { readonly faults: ReturnType<typeof faultsOf> };
  crowd?: Crowd;
  /** What was not as it should be, in words. */
  readonly faults: string[];
}

export function report(results: Results): string {
  const { conformance, rush, crowd, faults, loadAverage, loadAverageAfter = NaN } = results;
  const rows: [string, string][] = [
    ['load average before and after', `${loadAverage.toFixed(1)}, ${loadAverageAfter.toFixed(1)}`],
  ];
  if (conformance)
    rows.push(['conformance of the queue', `${conformance.passed} passed, ${conformance.failed} failed`]);
  if (rush)
    rows.push(
      ['rush: accepted', `${rush.accepted} requests, ${rush.accepted_per_second}/s`],
      ['rush: settled', `${rush.settled} requests, ${rush.settled_per_second}/s`],
      ['rush: time to the 202, p50 and p99', `${rush.accept_ms.p50} ms, ${rush.accept_ms.p99} ms`],
      [
        'rush: VIPs who asked after Regulars',
        rush.turns.in_order ? 'all settled before them' : 'NOT all settled before them',
      ],
      ['rush: the books', rush.faults.length === 0 ? 'in order' : 'NOT in order'],
    );
  if (crowd) rows.push(...crowdRows(crowd));
  const width = Math.max(...rows.map(([what]) => what.length));
  const table = rows.map(([what, figure]) => `  ${what.padEnd(width)}   ${figure}`).join('\n');
  const ending =
    faults.length === 0 ? 'Everything held.' : faults.map((fault) => `Failed: ${fault}.`).join('\n');
  return `\nThree Redis nodes, PostgreSQL, two APIs, two workers, nginx, on one machine with the client\n\n${table}\n\n${ending}\n`;
}

function crowdRows({ cached, line, position, lineBytes, positionBytes, streams }: Crowd): [string, string][] {
  return [
    ['the line through nginx, cached', figures(cached)],
    ['  of its answers, asked of an API', `${cached.reachedApi} of ${cached.answers}`],
    ['  bytes of one answer', `${lineBytes.head} head, ${lineBytes.body} body`],
    ['the line from one API', figures(line)],
    ['the own position through nginx', figures(position)],
    ['  bytes of one answer', `${positionBytes.head} head, ${positionBytes.body} body`],
    ['streams open through nginx', String(streams.open)],
    ['  memory of one, API and nginx', `${kb(streams.apiBytesEach)}, ${kb(streams.nginxBytesEach)}`],
    [
      '  told the outcome',
      `${streams.ended}, the last ${Math.round(streams.lastMs)} ms after the line went on`,
    ],
  ];
}

const kb = (bytes: number) => `${(bytes / 1_024).toFixed(1)} kB`;

function figures({ perSecond, p50, p99, nginxUs, apiUs }: Asked): string {
  const cpu = `nginx ${nginxUs.toFixed(1)} µs, API ${apiUs.toFixed(1)} µs`;
  return `${Math.round(perSecond)}/s, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms; CPU each: ${cpu}`;
}
