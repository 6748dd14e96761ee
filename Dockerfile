# syntax=docker/dockerfile:1
# One image for every process of the desk: `python -m api`, `python -m bot`, and the `helpdesk` command.

FROM python:3.12-slim AS build
WORKDIR /app
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements.lock ./
RUN pip install --require-hashes --only-binary :all: -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY api ./api
COPY bot ./bot
COPY core ./core
COPY migrations ./migrations
COPY templates ./templates
# Installed in place: templates and migrations lie beside the packages.
RUN pip install --no-deps --no-build-isolation --editable . && python -m compileall -q api bot core migrations

FROM python:3.12-slim
RUN useradd --uid 10001 --user-group --home-dir /data --no-create-home --shell /usr/sbin/nologin helpdesk \
    && install --directory --owner helpdesk --group helpdesk --mode 0700 /data
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/data \
    API_LISTEN=0.0.0.0:8080 \
    BOT_LISTEN=0.0.0.0:8081 \
    SMTP_LISTEN=0.0.0.0:2525 \
    API_METRICS_LISTEN=0.0.0.0:9101 \
    BOT_METRICS_LISTEN=0.0.0.0:9102 \
    LOG_FORMAT=json
USER 10001:10001
VOLUME /data
EXPOSE 8080 8081 2525 9101 9102
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["python", "-m", "core.healthcheck"]
# Without a command the container is a whole desk with a database of its own; compose runs the processes apart.
CMD ["helpdesk", "up"]
