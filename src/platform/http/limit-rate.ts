import { Logger } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../../config/index';
import { RULES, type RateLimits, type Rule } from '../limits/index';
import { identityOf } from './authenticate';
import { networkOf } from './network-of';
import { tooMany } from './problem';
import { sendProblem } from './problem.filter';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The rate limits of a route's own, in place of the one that all routes of its kind share (see `Operation`). */
    limits?: readonly Rule[];
  }
}

/** Rules that are worth a statement: what they guard costs more. */
const EXACT: ReadonlySet<Rule> = new Set([RULES.register, RULES.refresh, RULES.signIn]);

/**
 * Has every route of the API that is registered from now on ask whether its caller has called too often, before the body
 * is read: people who are signed in by their account, everybody else by their address. A limit that cannot be asked,
 * because the database is away, lets through: the routes that have one need the database themselves.
 */
export function limitRate(
  fastify: FastifyInstance,
  limits: RateLimits,
  { trustProxy, rateLimits }: Config,
): void {
  if (!rateLimits) return;
  const log = new Logger('limits');
  let told = trustProxy !== false;
  const tellOfProxy = ({ ip, headers }: FastifyRequest) => {
    if (told || headers['x-forwarded-for'] === undefined) return;
    told = true;
    log.warn(`${ip} looks like a proxy, and all behind it share one limit: set TRUST_PROXY to believe it`);
  };
  const refuse: Refuse = (rule, wait, request, reply) => {
    if (rule.by === 'address') tellOfProxy(request);
    sendProblem(tooMany(wait), request, reply);
  };
  fastify.addHook('onRoute', (route) => {
    if (!route.url.startsWith('/api')) return;
    const shared = route.config?.access === 'everyone' ? RULES.visitor : RULES.account;
    const rules = route.config?.limits ?? [shared];
    const byStatement = rules.filter((rule) => EXACT.has(rule));
    const byMemory = rules.filter((rule) => !EXACT.has(rule));
    // One hook for all that need no wait: each is a call more on the hot paths.
    route.onRequest = [
      ...[route.onRequest ?? []].flat(),
      ...(byMemory.length > 0 ? [here(byMemory, limits, refuse)] : []),
      ...byStatement.map((rule) => exactly(rule, limits, refuse, log)),
    ];
  });
}

type Hook = (request: FastifyRequest, reply: FastifyReply, done: () => void) => void;
type Refuse = (rule: Rule, wait: number, request: FastifyRequest, reply: FastifyReply) => void;

function here(rules: readonly Rule[], limits: RateLimits, refuse: Refuse): Hook {
  return (request, reply, done) => {
    for (const rule of rules) {
      const who = rule.by === 'account' ? identityOf(request).userId : networkOf(request);
      const wait = limits.takeHere(rule, who);
      if (wait > 0) return refuse(rule, wait, request, reply);
    }
    done();
  };
}

function exactly(rule: Rule, limits: RateLimits, refuse: Refuse, log: Logger) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const wait = await limits.take(rule, networkOf(request)).catch((error: Error) => {
      log.debug(`not asked: ${error.message}`);
      return 0;
    });
    if (wait > 0) refuse(rule, wait, request, reply);
  };
}
