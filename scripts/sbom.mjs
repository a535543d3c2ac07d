/**
 * Writes the list of components that production runs on (an SBOM) as CycloneDX: what the server installs, and what is built
 * into the web client. To data/sbom.json, or to the file named on the command line. Fails when a package of the lock
 * file is missing in it.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const file = resolve(process.argv[2] ?? `${root}/data/sbom.json`);

const { name, packages } = JSON.parse(readFileSync(`${root}/package-lock.json`, 'utf8'));
const shipped = new Set(
  Object.entries(packages)
    .filter(([path, { dev, link }]) => path !== '' && dev !== true && link !== true)
    .map(([path, entry]) => `${entry.name ?? path.split('node_modules/').at(-1)}@${entry.version}`),
);

// npm's own `--omit dev` also leaves out what production shares with a tool of development.
const command = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only'];
const list = JSON.parse(
  execFileSync('npm', command, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }),
);
const us = list.metadata.component['bom-ref'];
const isShipped = (ref) => ref === us || shipped.has(ref);

// npm takes the name of the folder.
list.metadata.component.name = name;
list.components = list.components.filter((component) => isShipped(component['bom-ref'])).map(asShipped);
list.dependencies = list.dependencies
  .filter(({ ref }) => isShipped(ref))
  .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter(isShipped) }));

for (const component of list.components) shipped.delete(component['bom-ref']);
if (shipped.size > 0) throw new Error(`npm does not list ${[...shipped].join(', ')}`);

mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, `${JSON.stringify(list, null, 2)}\n`);
console.log(`${list.components.length} components, in ${file}`);

/** Where development has the same version elsewhere, npm says so of both. */
function asShipped(component) {
  const ofDevelopment = ({ name }) => name === 'cdx:npm:package:development';
  if (!component.properties.some(ofDevelopment)) return component;
  const properties = component.properties.filter((property) => !ofDevelopment(property));
  return { ...component, scope: 'required', properties };
}
