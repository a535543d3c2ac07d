import { readdir } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Figure } from './metrics';

const SECONDS_PER_NANOSECOND = 1e-9;

/** What this process costs and how late its event loop is, under the names that Prometheus' own clients use. */
export function processFigures(): () => Promise<Figure[]> {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  return async () => {
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed } = process.memoryUsage();
    // Only Linux has this folder.
    const open = await readdir('/proc/self/fd')
      .then((all) => all.length)
      .catch(() => undefined);
    const late = [0.5, 0.99, 1].map((quantile) => ({
      labels: { quantile },
      value: delay.percentile(quantile * 100) * SECONDS_PER_NANOSECOND,
    }));
    delay.reset();
    return [
      counter('process_cpu_seconds_total', 'Processor time used.', (user + system) / 1e6),
      gauge('process_resident_memory_bytes', 'Memory held.', rss),
      gauge(
        'process_start_time_seconds',
        'When it began, since 1970.',
        Date.now() / 1_000 - process.uptime(),
      ),
      ...(open === undefined ? [] : [gauge('process_open_fds', 'Open files and connections.', open)]),
      gauge('nodejs_heap_size_used_bytes', 'Memory that JavaScript uses.', heapUsed),
      {
        name: 'nodejs_eventloop_delay_seconds',
        help: 'How late the event loop was since the last scrape; 0.02 is none.',
        type: 'gauge',
        samples: late,
      },
    ];
  };
}

const gauge = (name: string, help: string, value: number): Figure => ({
  name,
  help,
  type: 'gauge',
  samples: [{ value }],
});
const counter = (name: string, help: string, value: number): Figure => ({
  ...gauge(name, help, value),
  type: 'counter',
});
