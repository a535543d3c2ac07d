export { CONFIG, loadConfig, type Config } from './config';
export { ConfigError } from './config-error';
export { ConfigModule } from './config.module';
