/** Where the server has its API reference; undefined when it has none: then it took the link out of the page. */
export const apiReference = document.querySelector('link[rel="help"]')?.getAttribute('href') ?? undefined;
