import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { Tixline } from './tixline';

/** Where any of these texts stands in any table of the database, ours or the queue's, in any column, also as bytes. */
export async function inTables(tixline: Tixline, texts: readonly string[]): Promise<string[]> {
  const { rows: tables } = await tixline.sql<{ name: string }>(
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
      WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'`,
  );
  const found = tables.map(async ({ name }) => {
    const { rows } = await tixline.sql<{ text: string }>(`SELECT t::text AS text FROM ${name} t`);
    return whichOf(texts, rows.map(({ text }) => text).join('\n')).map((text) => `${name}: ${text}`);
  });
  return (await Promise.all(found)).flat();
}

/** Where any of these texts stands in any file of the data folder, the log and the ledger among them. */
export function inFiles(tixline: Tixline, texts: readonly string[]): string[] {
  const folder = tixline.config.dataDir;
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .flatMap((name) =>
      whichOf(texts, readFileSync(join(folder, name), 'utf8')).map((text) => `${name}: ${text}`),
    );
}

/** Where any of these texts stands in Redis, in keys or values. */
export async function inRedis(url: string, texts: readonly string[]): Promise<string[]> {
  const client = new Redis(url);
  try {
    const keys = await client.keys('*');
    // What Redis keeps of a key, whatever its type.
    const dumps = await Promise.all(keys.map((key) => client.dumpBuffer(key)));
    return keys.flatMap((key, i) =>
      whichOf(texts, `${key}\n${dumps[i]?.toString('utf8') ?? ''}`).map((text) => `${key}: ${text}`),
    );
  } finally {
    client.disconnect();
  }
}

function whichOf(texts: readonly string[], searched: string): string[] {
  const lower = searched.toLowerCase();
  return texts.filter((text) =>
    [text.toLowerCase(), Buffer.from(text).toString('hex')].some((form) => lower.includes(form)),
  );
}
