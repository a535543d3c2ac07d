import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');
const read = <T>(file: string) => JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as T;

interface Package {
  readonly version: string;
  readonly name?: string;
  readonly dependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
}
type Packages = Readonly<Record<string, Package>>;

interface Components {
  readonly bomFormat: string;
  readonly metadata: { readonly component: { readonly name: string } };
  readonly components: readonly {
    readonly 'bom-ref': string;
    readonly version: string;
    readonly purl: string;
    readonly scope: string;
    readonly properties: readonly { name: string }[];
  }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

/** What server and web client need, found as Node finds it: walked, not read off the marks by which the list is made. */
function needed(packages: Packages): Set<string> {
  const found = new Set<string>();
  const open = ['', 'web'];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (found.has(path)) continue;
    found.add(path);
    const { dependencies, optionalDependencies } = packages[path]!;
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
        const candidate = `${at === '' ? '' : `${at}/`}node_modules/${name}`;
        if (candidate in packages) open.push(candidate);
        if (candidate in packages || at === '') break;
      }
    }
  }
  found.delete('');
  return new Set([...found].map((path) => refOf(path, packages[path]!)));
}

const refOf = (path: string, { name, version }: Package) =>
  `${name ?? path.split('node_modules/').at(-1)}@${version}`;

describe('npm run sbom', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tixline-sbom-'));
  const file = join(folder, 'new/sbom.json');
  let list: Components;
  beforeAll(() => {
    execFileSync(process.execPath, [join(ROOT, 'scripts/sbom.mjs'), file], { cwd: folder });
    list = JSON.parse(readFileSync(file, 'utf8')) as Components;
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('lists each package that production needs, once, and none of development', () => {
    const { packages } = read<{ packages: Packages & Record<string, { dev?: boolean; link?: boolean }> }>(
      'package-lock.json',
    );
    const listed = list.components.map((component) => component['bom-ref']);
    expect(listed).toHaveLength(new Set(listed).size);
    expect([...needed(packages)].filter((ref) => !listed.includes(ref))).toEqual([]);
    const shipped = Object.entries(packages).filter(([path, { dev, link }]) => path !== '' && !dev && !link);
    expect([...listed].sort()).toEqual([...new Set(shipped.map(([path, one]) => refOf(path, one)))].sort());
    expect(listed.filter((ref) => /^(jest|oxlint|prettier|vite|@types\/pg)@/.test(ref))).toEqual([]);
  });

  it('says of each what it is, and what it depends on that is listed too', () => {
    expect([list.bomFormat, list.metadata.component.name]).toEqual(['CycloneDX', 'tixline']);
    for (const { version, purl, properties } of list.components) {
      expect(purl).toContain(`@${version}`);
      expect(properties.map(({ name }) => name)).not.toContain('cdx:npm:package:development');
    }
    const refs = new Set(['tixline@0.1.0', ...list.components.map((component) => component['bom-ref'])]);
    const edges = list.dependencies.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn]);
    expect(edges.length).toBeGreaterThan(refs.size);
    expect(edges.filter((ref) => !refs.has(ref))).toEqual([]);
  });
});
