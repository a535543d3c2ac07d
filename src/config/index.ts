export { CONFIG, loadConfig, type Config } from './config';
export { ConfigError } from './config-error';
export { makeDataDir } from './data-dir';
export { ConfigModule } from './config.module';
export type { KeyRing } from './keys';
