# One image: the server with the built desk, widget and phones. Data lives in /data.

FROM node:24-bookworm-slim AS web
WORKDIR /app/web
COPY web/ ./
RUN npm ci && npm run build

FROM python:3.13-slim-bookworm AS server
WORKDIR /app
RUN python -m venv /opt/otklik
COPY requirements.lock ./
RUN /opt/otklik/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml LICENSE ./
COPY otklik/ otklik/
COPY sandbox/ sandbox/
# In place, not copied into the environment: the server finds the built pages beside itself.
RUN /opt/otklik/bin/pip install --no-cache-dir --no-deps --no-build-isolation -e . \
    && /opt/otklik/bin/python -m compileall -q otklik sandbox

FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home --home-dir /data otklik \
    && install -d -o otklik -g otklik -m 0700 /data
COPY --from=server /opt/otklik /opt/otklik
COPY --from=server /app /app
COPY --from=web /app/web/apps/desk/dist /app/web/apps/desk/dist
COPY --from=web /app/web/apps/widget/dist /app/web/apps/widget/dist
COPY --from=web /app/web/apps/phones/dist /app/web/apps/phones/dist
ENV PATH=/opt/otklik/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    OTKLIK_DATA_DIR=/data \
    OTKLIK_HOST=0.0.0.0 \
    OTKLIK_PORT=8080 \
    OTKLIK_LOG_FORMAT=json
WORKDIR /app
USER otklik
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8080/readyz', timeout=4)"]
ENTRYPOINT ["otklik"]
CMD ["serve"]
