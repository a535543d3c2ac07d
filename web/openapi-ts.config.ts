import { defineConfig } from '@hey-api/openapi-ts';

/** The API client is generated from the document that the server exports; nothing in `src/api` is written by hand. */
export default defineConfig({
  input: process.env.TIXLINE_OPENAPI ?? '../openapi.json',
  output: { path: 'src/api', module: { extension: '' } },
  plugins: [{ name: '@hey-api/client-fetch', throwOnError: true }, '@hey-api/typescript', '@hey-api/sdk'],
});
