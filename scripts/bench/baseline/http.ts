/** What is used of Express' request. */
export interface Request {
  readonly headers: { readonly authorization?: string };
  user?: { readonly sub: string };
}
