import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const files = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

/** Words that only a key or a real token holds. */
const SECRETS: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\beyJhbGciOi[\w-]{10,}\.eyJ[\w-]{20,}\.[\w-]{20,}/,
  /\b(ghp|gho|github_pat|xox[bp]|sk_live|AKIA)[_-]?[A-Za-z0-9]{16,}/,
];

/** Down to the last number of a release: PostgreSQL has two, the others three. */
const EXACT_IMAGE = /^(postgres:\d+\.\d+|[\w/.-]+:\d+\.\d+\.\d+)(-[\w-]+)?(@sha256:[0-9a-f]{64})?$/;

describe('the repository', () => {
  it('holds no data: no tables, dumps, logs or settings of anybody', () => {
    const data =
      /(^|\/)(data|tmp|coverage)\/|\.(csv|tsv|xlsx?|sqlite|db|dump|bak|log|pem|key|p12)$|(^|\/)\.env$/i;
    expect(files.filter((file) => data.test(file))).toEqual([]);
  });

  it.each([
    'data/transactions.csv',
    'somewhere/people.csv',
    '.env',
    'data/jwt-secret',
    'tixline.log',
    'dump.sql.gz',
  ])('does not take %s by accident', (file) => {
    expect(() => execFileSync('git', ['check-ignore', '-q', file], { cwd: ROOT })).not.toThrow();
  });

  it('holds no key and no real token', () => {
    const texts = files.filter((file) => !/\.(png|svg|ico|woff2?)$|package-lock\.json$/.test(file));
    const found = texts.filter((file) => SECRETS.some((secret) => secret.test(read(file))));
    // The one token there is shows what is taken out of a log.
    expect(found.filter((file) => file !== 'test/unit/secrets.spec.ts')).toEqual([]);
  });

  it('makes no schema by itself: `synchronize` would change tables in production', () => {
    const source = files.filter((file) => file.startsWith('src/'));
    expect(source.filter((file) => /synchronize|dropSchema/.test(read(file)))).toEqual([]);
  });

  it('its images are pinned, run as nobody of importance, and can write nowhere but where they must', () => {
    const dockerfile = read('Dockerfile');
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image!);
    for (const image of bases) expect(image).toMatch(EXACT_IMAGE);
    expect(dockerfile.slice(dockerfile.lastIndexOf('FROM '))).toMatch(/^USER node$/m);
    const compose = read('docker-compose.yml');
    expect(compose).toMatch(/read_only: true[\s\S]*cap_drop: \[ALL\][\s\S]*no-new-privileges:true/);
    const others = [...compose.matchAll(/image: (\S+)/g)].filter(([, image]) => image !== 'tixline');
    expect(others.length).toBeGreaterThan(0);
    for (const [, image] of others) expect(image).toMatch(EXACT_IMAGE);
  });
});
