export { CONFIG, loadConfig, type Config } from './config.js';
export { ConfigError } from './config-error.js';
export { ConfigModule } from './config.module.js';
