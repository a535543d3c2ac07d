import { loadConfig, makeDataDir } from './config/index';
import { causeAndCure } from './start-failure';

/** Starts the role(s) of this process. What is wrong with its settings is told before anything else is loaded. */
async function main(): Promise<void> {
  try {
    const config = loadConfig();
    if (config.databaseUrl === undefined || !config.production) makeDataDir(config.dataDir);
    const { run } = await import('./run.js');
    await run(config);
  } catch (error) {
    process.stderr.write(`\nTixline did not start: ${causeAndCure(error)}\n`);
    process.exit(1);
  }
}

void main();
