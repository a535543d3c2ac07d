// A process that holds the embedded PostgreSQL of the folder it is given: it prints { port, url, pid } when it has it, survives
// Ctrl-C like a Tixline that drains, and gives the server back when its input closes.
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
  const { port, url, release } = await acquireEmbeddedPostgres({
    dataDir: process.argv[2],
    log: console.error,
  });
  console.log(JSON.stringify({ port, url, pid: process.pid }));
  process.stdin.resume().once('end', async () => {
    await release();
    process.exit(0);
  });
}

hold().catch((error) => {
  console.error(error);
  process.exit(1);
});
