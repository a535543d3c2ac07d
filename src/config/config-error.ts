/** A setting that cannot be used. The message names each setting and what it should be, never its value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
