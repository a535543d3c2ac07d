/** The limits of PostgreSQL for rows and updates like ours. */
import { PostgresAlone } from './postgres-alone.mts';
import type { Stage } from './stage.mts';

export const CLIENTS = [1, 8, 32] as const;

export async function postgres(stage: Stage): Promise<void> {
  const { rounds, seconds } = stage.settings;
  const alone = new PostgresAlone(await stage.embedded());
  const each = seconds / 3;
  await alone.insertRequests(each);
  for (let round = 1; round <= rounds; round += 1) {
    stage.say(`postgres, round ${round} of ${rounds}`);
    stage.figures.add('insert', await alone.insertRequests(each));
    for (const clients of CLIENTS) stage.figures.add(`update${clients}`, await alone.update(clients, each));
  }
  await alone.close();
}
