# The images of both services and of the migrations, from the pinned requirements alone.
#   docker build -f docker/service.Dockerfile --target inventory -t shard-legends/inventory-service:1.0.0 .
# They run as user 10001 and write nothing to the root file system (AUTH_KEYS_DIR of auth-service is a volume).
ARG BASE_IMAGE=docker.io/library/python:3.13.5-slim-bookworm

FROM ${BASE_IMAGE} AS base
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
WORKDIR /app

FROM base AS packages
COPY docker/requirements-services.txt /tmp/
RUN python3 -m venv /opt/venv \
    && pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/requirements-services.txt

FROM packages AS dev-packages
COPY docker/requirements-dev-image.txt /tmp/
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/requirements-dev-image.txt

FROM base AS code
COPY docker/healthcheck.py ./
COPY services/__init__.py ./services/
COPY services/common ./services/common

# Starts a service again when its code changes; compose mounts ./services over the copy.
FROM base AS dev
COPY --from=dev-packages /opt/venv /opt/venv
COPY docker/healthcheck.py ./
COPY services ./services
USER 10001:10001
ENV SERVICE=inventory
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s --retries=3 CMD ["python3", "healthcheck.py"]
CMD ["sh", "-c", "exec watchfiles --filter python \"python3 -m services.$SERVICE\" services"]

FROM code AS migrations
COPY --from=packages /opt/venv /opt/venv
COPY services/migrations ./services/migrations
USER 10001:10001
# Runs once and ends: its exit code is its health.
HEALTHCHECK NONE
CMD ["python3", "-m", "services.migrations"]

FROM code AS auth
COPY --from=packages /opt/venv /opt/venv
COPY services/auth ./services/auth
RUN install -d -o 10001 -g 10001 -m 0700 /var/lib/auth-keys
USER 10001:10001
ENV AUTH_KEYS_DIR=/var/lib/auth-keys
VOLUME ["/var/lib/auth-keys"]
EXPOSE 8080 8090
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 CMD ["python3", "healthcheck.py"]
CMD ["python3", "-m", "services.auth"]

FROM code AS inventory
COPY --from=packages /opt/venv /opt/venv
COPY services/inventory ./services/inventory
USER 10001:10001
EXPOSE 8080 8090 9090
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 CMD ["python3", "healthcheck.py"]
CMD ["python3", "-m", "services.inventory"]
