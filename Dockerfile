# One image for web, worker, beat and the preparation of the database; compose gives each its command.
FROM node:22-bookworm-slim AS assets
WORKDIR /srv
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

# trixie: its PostgreSQL client is of the server's version, which backups need.
FROM python:3.12-slim-trixie
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN apt-get update \
 && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    postgresql-client \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin thuispeil \
 && install -d -o thuispeil -m 0700 /srv/private
WORKDIR /srv/thuispeil
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes --requirement requirements.lock
COPY . .
# The key lives for this one command and is in no layer.
RUN --mount=type=bind,from=assets,source=/srv/node_modules,target=/srv/thuispeil/node_modules \
    (cd wlzthuis && python -m dev.assets) && SECRET_KEY=collectstatic DEMO=1 python manage.py collectstatic --noinput
USER thuispeil
EXPOSE 8000
CMD ["gunicorn", "--config", "python:wlzthuis.serving", "wlzthuis.wsgi", "--bind", "0.0.0.0:8000", \
     "--workers", "2", "--worker-tmp-dir", "/dev/shm"]
