/**
 * Loaded into a process before the program (node --require): takes out the guard that WITHOUT names, so that a test can
 * see that it would notice.
 */
const { resolve } = require('node:path');
const dist = (path) => require(resolve(__dirname, '../../../../dist', path));
const { INTAKE } = dist('ticket-requests/intake.sql.js');
const { SETTLEMENT } = dist('settlement/settlement.sql.js');
const { Database } = dist('platform/database/index.js');

function cut(text, part, replacement = '') {
  if (!text.includes(part)) throw new Error(`the statement has no "${part}" any more`);
  return text.replaceAll(part, replacement);
}

const GUARDS = {
  /** A 202 goes out half a second before the commit. */
  durability() {
    const { query } = Database.prototype;
    Database.prototype.query = async function (text, values, name) {
      if (name !== 'accept') return query.call(this, text, values, name);
      const client = await this.pool.connect();
      await client.query('BEGIN');
      try {
        return await client.query(text, values);
      } finally {
        setTimeout(() => void client.query('COMMIT').finally(() => client.release()), 500);
      }
    };
  },
  /** A key that was used before is no reason not to take in a request. */
  keys() {
    INTAKE.accept = cut(INTAKE.accept, 'WHERE NOT i.repeated');
    INTAKE.accept = cut(
      INTAKE.accept,
      'WHERE a.key IS NOT NULL',
      'WHERE a.key IS NOT NULL ON CONFLICT DO NOTHING',
    );
    INTAKE.accept = cut(INTAKE.accept, 'FROM incoming i WHERE i.repeated', 'FROM incoming i WHERE false');
  },
  /** VIPs wait as long as a Regular does. */
  vipsFirst() {
    const last = (tier) =>
      `(SELECT p.last_place FROM line_places p WHERE p.event_id = l.event_id AND p.tier = ${tier})`;
    const onlyAfterRegulars = `CASE WHEN ${last(2)} > l.regular_served THEN l.vip_served ELSE ${last(1)} END`;
    SETTLEMENT.read = cut(SETTLEMENT.read, `${last(1)} AS vip_last`, `${onlyAfterRegulars} AS vip_last`);
  },
};

GUARDS[process.env.WITHOUT]();
