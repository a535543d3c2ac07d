import { ConfigError } from './config/index';

/** One line for a person: what is in the way, and what to do. A fault that nobody foresaw keeps its stack. */
export function causeAndCure(fault: unknown): string {
  const error = fault as NodeJS.ErrnoException & { port?: number; cure?: string };
  if (error instanceof ConfigError) return error.message;
  // Errors that know it, as EmbeddedPostgresError and DatabaseFailure do. (Not by its class: that would load half the program first.)
  if (error.cure !== undefined) return `${error.message} ${error.cure}`;
  if (error.code === 'EADDRINUSE') {
    return `port ${error.port} is in use. Stop what uses it, or choose another: PORT=3001 npm start.`;
  }
  if (error.code === 'EACCES' && error.port !== undefined) {
    return `port ${error.port} needs more rights than this user has. Choose one above 1023: PORT=3000 npm start.`;
  }
  if (error.code === 'EADDRNOTAVAIL' || (error.code === 'ENOTFOUND' && error.syscall === 'getaddrinfo')) {
    return 'HOST is no address of this machine. Take it away, or set it to 127.0.0.1 or 0.0.0.0.';
  }
  return error.stack ?? String(fault);
}
