import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const BUILD = resolve(__dirname, '../../../scripts/build.mjs');
const LONG_AGO = new Date(Date.now() - 60_000);

/** A project with builders that only note that they ran. */
class Project {
  readonly path = mkdtempSync(join(tmpdir(), 'tixline-build-'));

  constructor() {
    for (const folder of ['src', 'web/src', 'bin']) mkdirSync(join(this.path, folder), { recursive: true });
    writeFileSync(join(this.path, 'built'), '');
    for (const file of ['src/main.ts', 'web/src/main.tsx', 'web/package.json', 'web/precompress.ts'])
      this.save(file, LONG_AGO);
    for (const folder of ['src', 'web/src']) utimesSync(join(this.path, folder), LONG_AGO, LONG_AGO);
    this.builder('nest', 'echo server >> built');
    this.builder('npm', 'echo web >> built');
  }

  save(file: string, at = new Date()): void {
    writeFileSync(join(this.path, file), '');
    utimesSync(join(this.path, file), at, at);
  }

  builder(name: string, work: string): void {
    const path = join(this.path, 'bin', name);
    writeFileSync(path, `#!/bin/sh\n${work}\n`);
    chmodSync(path, 0o755);
  }

  /** Builds what has changed. Answers which parts that was, and how the script ended. */
  build(path = `${join(this.path, 'bin')}:/usr/bin:/bin`) {
    writeFileSync(join(this.path, 'built'), '');
    const { status, stderr } = spawnSync(process.execPath, [BUILD], {
      cwd: this.path,
      env: { PATH: path },
      encoding: 'utf8',
    });
    const parts = readFileSync(join(this.path, 'built'), 'utf8').split('\n').filter(Boolean).sort();
    return { parts, status, stderr };
  }
}

describe('npm start builds what has changed', () => {
  let project: Project;
  beforeEach(() => (project = new Project()));
  afterEach(() => rmSync(project.path, { recursive: true, force: true }));

  it('once', () => {
    expect(project.build().parts).toEqual(['server', 'web']);
    expect(project.build().parts).toEqual([]);
  });

  it('again when a file was saved while the build ran', () => {
    project.builder('nest', 'sleep 0.1; touch src/main.ts; sleep 0.1; echo server >> built');
    expect(project.build().parts).toEqual(['server', 'web']);
    expect(project.build().parts).toEqual(['server']);
  });

  it.each(['web/package.json', 'web/precompress.ts', 'web/src/main.tsx', 'web/tsconfig.json'])(
    'again when %s changed, the web client alone',
    (file) => {
      project.build();
      project.save(file, new Date(Date.now() + 1_000));
      expect(project.build().parts).toEqual(['web']);
    },
  );

  it('or says in one line what is missing', () => {
    const { status, stderr } = project.build('/nowhere');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^The (server|web client) cannot be built: spawn \w+ ENOENT\. Try npm ci.*\n$/);
  });
});
