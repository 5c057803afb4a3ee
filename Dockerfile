# syntax=docker/dockerfile:1
# The server in an image: static files by Node, one binary by Rust, and on a small Debian nothing but
# that binary, run by an ordinary user. It wants a PostgreSQL beside it: see .docker/compose.yaml.

FROM node:20-slim AS static
WORKDIR /build
COPY static/package.json static/package-lock.json static/
RUN npm ci --prefix static --ignore-scripts --no-audit --no-fund
COPY static static
# The icons that are in use are found in the templates and the code.
COPY templates templates
COPY src src
RUN node static/build.mjs

FROM rust:1.95-slim-bookworm AS build
WORKDIR /build
ENV SQLX_OFFLINE=true
COPY Cargo.toml Cargo.lock ./
# The libraries first, with empty sources, so that a change of our code does not compile them again.
RUN mkdir -p src tests/it && touch src/lib.rs tests/it/main.rs && echo 'fn main() {}' > src/main.rs \
 && cargo build --release --locked --bin groundswell
COPY build.rs ./
COPY .sqlx .sqlx
COPY migrations migrations
COPY templates templates
COPY src src
COPY --from=static /build/static/dist static/dist
RUN touch src/lib.rs src/main.rs && cargo build --release --locked --bin groundswell \
 && objcopy --strip-debug target/release/groundswell /groundswell

FROM debian:bookworm-slim
# Certificates, to speak TLS with mail servers and the database.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --create-home --home-dir /var/lib/groundswell groundswell
COPY --from=build /groundswell /usr/local/bin/groundswell
USER groundswell
WORKDIR /var/lib/groundswell
ENV GROUNDSWELL_LISTEN=0.0.0.0:8080 \
    GROUNDSWELL_DATA_DIR=/var/lib/groundswell/data \
    GROUNDSWELL_LOG_FORMAT=json
RUN mkdir data
VOLUME /var/lib/groundswell/data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 CMD ["groundswell", "doctor", "--live"]
ENTRYPOINT ["groundswell"]
CMD ["serve"]
