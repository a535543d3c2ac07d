import { join } from 'node:path';
import type { Config } from './config/index';

/** What a person needs to know once everything runs. */
export function welcome(config: Config): string {
  const rows: (readonly [string, string])[] = [
    ['Web client', config.appUrl],
    ...(config.docs ? [['API docs', `${config.appUrl}/docs`] as const] : []),
    ['Queues', `${config.appUrl}/admin/queues`],
  ];
  if (config.demo) {
    rows.push(
      ['Sign in', 'demo@local.test   buyer'],
      ['', 'door@local.test   staff'],
      ['', 'admin@local.test  admin        password for all: Passw0rd!'],
    );
  }
  rows.push(['Line', config.redisUrl === undefined ? 'BullMQ on Postgres' : 'BullMQ on Redis']);
  rows.push([
    'Data',
    config.databaseUrl === undefined ? `${config.dataDir} (embedded PostgreSQL)` : 'DATABASE_URL',
  ]);
  rows.push(['Ledger', join(config.dataDir, 'transactions.csv')]);
  if (!config.production) rows.push(['Log', join(config.dataDir, 'tixline.log')]);
  rows.push(['Stop', 'Ctrl-C']);
  const lines = rows.map(([name, value]) => `  ${name.padEnd(12)}${value}`);
  return `\n${config.appName} is running.\n\n${lines.join('\n')}\n\n`;
}
