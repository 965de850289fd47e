# The test runner: the suites (target `tests`), and the load tests with k6 (target `load`).
# It is pointed at a deployment by TARGET_... variables; results go to /results.
ARG BASE_IMAGE=docker.io/library/python:3.13.5-slim-bookworm
ARG K6_IMAGE=docker.io/grafana/k6:1.1.0

FROM ${BASE_IMAGE} AS base
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
WORKDIR /app

FROM base AS packages
COPY requirements.txt /tmp/
RUN python3 -m venv /opt/venv \
    && pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/requirements.txt

FROM base AS runner
COPY --from=packages /opt/venv /opt/venv
COPY reporting ./reporting
COPY history ./history
COPY libraries ./libraries
COPY resources ./resources
COPY variables ./variables
COPY stack ./stack
COPY services ./services
RUN install -d -o 10001 -g 10001 /results

FROM runner AS tests
COPY suites ./suites
COPY deploy/smoke ./deploy/smoke
USER 10001:10001
VOLUME ["/results"]
HEALTHCHECK NONE
CMD ["robot", "-V", "variables/compose.py", "--outputdir", "/results", "suites/"]

FROM ${K6_IMAGE} AS k6

FROM runner AS load
COPY --from=k6 /usr/bin/k6 /usr/local/bin/k6
COPY load ./load
USER 10001:10001
VOLUME ["/results"]
HEALTHCHECK NONE
CMD ["robot", "-V", "variables/compose.py", "--outputdir", "/results", "load/"]
