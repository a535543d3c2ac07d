/**
 * The statements of rate limits. What a subject has used is kept as the moment at which all of it is given back (the
 * generic cell rate algorithm, ITU-T I.371), by the database's clock alone: machines' clocks differ. An object, so that a
 * race test can take a guard out.
 */
export const LIMITS = {
  /**
   * Purpose  use one, if it is there: the row's lock makes those who come at once take turns
   * $1 subject   $2 milliseconds until one use is given back   $3 the same for all of a burst
   * Returns  one row; "taken", and "debt_ms", how much was to be given back before
   */
  take: `
    WITH taken AS (
      INSERT INTO rate_limits AS l (subject, full_at) VALUES ($1, now() + $2::float8 * interval '1 millisecond')
          ON CONFLICT (subject) DO UPDATE SET full_at = greatest(l.full_at, now()) + $2::float8 * interval '1 millisecond'
       WHERE greatest(l.full_at, now()) + $2::float8 * interval '1 millisecond' <= now() + $3::float8 * interval '1 millisecond'
      RETURNING 1
    )
    SELECT EXISTS (SELECT FROM taken) AS taken,
           (SELECT extract(epoch FROM l.full_at - now())::float8 * 1000 FROM rate_limits l WHERE l.subject = $1) AS debt_ms`,

  /** Purpose  undo one use   $1 subject   $2 milliseconds until one use is given back */
  giveBack: `
    UPDATE rate_limits SET full_at = full_at - $2::float8 * interval '1 millisecond' WHERE subject = $1`,

  /**
   * Purpose  tell of uses that one process has let through, and learn of the others'
   * $1 subjects   $2 milliseconds until the uses of each are given back
   * Returns  a row each; "debt_ms" is how much is to be given back now, of all processes together
   * Guarded  rows are locked in the order of their subjects, so that two processes never wait for each other
   */
  share: `
    INSERT INTO rate_limits AS l (subject, full_at)
    SELECT u.subject, now() + sum(u.cost_ms) * interval '1 millisecond'
      FROM unnest($1::bytea[], $2::float8[]) AS u (subject, cost_ms)
     GROUP BY u.subject
     ORDER BY u.subject
        ON CONFLICT (subject) DO UPDATE SET full_at = greatest(l.full_at, now()) + (excluded.full_at - now())
    RETURNING subject, extract(epoch FROM full_at - now())::float8 * 1000 AS debt_ms`,

  /** Purpose  forget who has all uses back   $1 how many at most */
  forget: `
    DELETE FROM rate_limits WHERE ctid = ANY (ARRAY(SELECT ctid FROM rate_limits WHERE full_at < now() LIMIT $1))`,
};
