# Pin it for reproducible builds: --build-arg NODE_IMAGE=node:24-slim@sha256:…
ARG NODE_IMAGE=node:24-slim

FROM ${NODE_IMAGE} AS manifests
# Set where npm needs a mirror: --build-arg npm_config_registry=https://…
ARG npm_config_registry
WORKDIR /app
COPY package.json package-lock.json ./
COPY client/package.json client/
COPY web/package.json web/

FROM manifests AS build
RUN npm ci --ignore-scripts
COPY tsconfig.json ./
COPY schemas schemas
COPY src src
COPY openapi openapi
COPY client client
COPY web web
RUN npm run build:server && npm run build:web

FROM manifests AS dependencies
# The optional dependency is the embedded database. What only compilers and debuggers read is a quarter of the rest.
RUN npm ci --ignore-scripts --workspaces=false --omit=dev --omit=optional \
 && find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete

FROM ${NODE_IMAGE}
LABEL org.opencontainers.image.title="Equilux chat" \
      org.opencontainers.image.description="Real-time messaging server for peer-to-peer energy trading" \
      org.opencontainers.image.licenses="MIT"
# Only outside production is anything written, and only here: mount a volume to keep it.
RUN install --directory --owner=node --group=node --mode=0700 /data
ENV NODE_ENV=production DATA_DIR=/data
WORKDIR /app
COPY package.json LICENSE ./
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/web/dist web/dist
USER node
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 8080}/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Without a shell or npm in between, so that SIGTERM reaches the server.
CMD ["node", "dist/src/server.js"]
