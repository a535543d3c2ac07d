import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { precompress } from './precompress';

const server = `http://localhost:${process.env.PORT ?? 3000}`;
// Everything the server answers itself; the rest of the paths belong to the client.
const served = ['/api', '/docs', '/docs-json', '/admin', '/health', '/metrics'];

export default defineConfig({
  plugins: [react(), precompress()],
  server: { port: 5173, proxy: Object.fromEntries(served.map((path) => [path, { target: server }])) },
  build: {
    target: 'es2022',
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            {
              name: 'react',
              test: /node_modules[\\/](react|react-dom|scheduler|react-router)[\\/]/,
              priority: 2,
            },
            { name: 'query', test: /node_modules[\\/]@tanstack[\\/]/, priority: 2 },
          ],
        },
      },
    },
  },
});
