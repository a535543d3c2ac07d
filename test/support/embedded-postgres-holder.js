// A process that holds the embedded PostgreSQL of the folder it is given until it is killed: it prints { url } when
// it has it, and survives Ctrl-C like a Tixline that drains.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { transformSync } = require('@swc/core');

// Jest compiles only inside its own process, so this one compiles what it requires.
require.extensions['.ts'] = (module, filename) => {
  const options = {
    filename,
    module: { type: 'commonjs' },
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  };
  module._compile(transformSync(readFileSync(filename, 'utf8'), { ...options, swcrc: false }).code, filename);
};
const { acquireEmbeddedPostgres } = require(join(__dirname, '../../src/platform/database/embedded/index.ts'));

process.on('SIGINT', () => console.log(JSON.stringify({ interrupted: true })));

async function hold() {
  const { url } = await acquireEmbeddedPostgres({ dataDir: process.argv[2], log: console.error });
  console.log(JSON.stringify({ url }));
  process.stdin.resume(); // Something to stay alive for; it also ends with the test run that started it.
}

hold().catch((error) => {
  console.error(error);
  process.exit(1);
});
