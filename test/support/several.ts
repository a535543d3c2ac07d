import { Tixline } from './tixline';

/**
 * Several Tixlines on one database, as if each were a process: API and worker, with its own pool, board and keys in
 * flight. The first owns the database and is stopped last.
 */
export async function several(
  count: number,
  options: Parameters<typeof Tixline.start>[0] = {},
): Promise<Tixline[]> {
  const env = { DATABASE_POOL: '6', ...options.env };
  const first = await Tixline.start({ ...options, env });
  const databaseUrl = first.config.databaseUrl!;
  const others = Array.from({ length: count - 1 }, () => Tixline.start({ ...options, env, databaseUrl }));
  return [first, ...(await Promise.all(others))];
}

export async function stopAll(tixlines: readonly Tixline[]): Promise<void> {
  const [first, ...others] = tixlines;
  await Promise.all(others.map((other) => other.stop()));
  await first?.stop();
}

/** All tick at once, again and again, until nobody waits. */
export async function settleTogether(settlers: readonly Tixline[]): Promise<void> {
  for (let i = 0; i < 300; i += 1) {
    await Promise.all(settlers.map((settler) => settler.tick()));
    const { rows } = await settlers[0]!.sql(`SELECT 1 FROM ticket_requests WHERE status = 'queued' LIMIT 1`);
    if (rows.length === 0) return;
  }
  throw new Error('still somebody in line after 300 ticks of everybody');
}

/** Ticks all of them without a pause for as long as `work` takes, and then until nobody waits. */
export async function settleWhile<T>(settlers: readonly Tixline[], work: Promise<T>): Promise<T> {
  let working = true;
  const settle = async (settler: Tixline) => {
    while (working) await settler.tick();
  };
  const settling = Promise.all(settlers.map(settle));
  const answer = await work.finally(() => (working = false));
  await settling;
  await settleTogether(settlers);
  return answer;
}

/** Takes a guard out of a statement. Throws when it is not there: a test that removes nothing would prove nothing. */
export function without(statement: string, guard: string): string {
  if (!statement.includes(guard)) throw new Error(`no such guard: ${guard}`);
  return statement.replace(guard, '');
}
