export { LimitKeeper } from './limit-keeper';
export { RateLimits } from './rate-limits';
export { RULES, type Rule } from './rules';
