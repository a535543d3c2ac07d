# Tixline's image: the API, the worker and the migration are the same one, chosen by ROLE and command.
FROM node:24-slim AS build
WORKDIR /build
# The manifests alone first, so that packages are installed anew only when they change.
COPY package.json package-lock.json .npmrc ./
COPY web/package.json web/
RUN npm ci
COPY . .
RUN npm run build
# What is left of the packages is what production runs on. The embedded PostgreSQL stays out: a container is given a real one.
RUN npm prune --omit=dev --omit=optional --workspaces=false --include-workspace-root

FROM node:24-slim
ENV NODE_ENV=production DATA_DIR=/data
WORKDIR /app
# Everything belongs to root and is only read; the ledger's file is all that is written, in /data.
COPY --from=build /build/package.json ./
COPY --from=build /build/node_modules node_modules
COPY --from=build /build/dist dist
COPY --from=build /build/web/dist web/dist
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --start-interval=1s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/health/ready`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# node itself and not npm, which would keep SIGTERM to itself. Tixline handles its signals as process 1 and starts no children.
CMD ["node", "dist/main.js"]
