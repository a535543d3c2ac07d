/** Where to sign in, to come back to `back` (path and query of a page of this client) afterwards. */
export const signInPath = (back: string): string => `/sign-in?next=${encodeURIComponent(back)}`;

/** The page to go to after signing in. Only paths of this site: anything else could lead people away from it. */
export function nextPath(search: URLSearchParams): string {
  const next = search.get('next') ?? '/';
  return /^\/(?![/\\])/.test(next) ? next : '/';
}
