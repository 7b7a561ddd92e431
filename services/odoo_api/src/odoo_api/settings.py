"""What the odoo_api service reads from its environment."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Annotated

from pydantic import Field, field_validator

from common.settings import ServiceSettings

LOOPBACK_AND_PRIVATE = "127.0.0.0/8 ::1/128 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7"


class OdooApiSettings(ServiceSettings):
    """Settings of this service; each is the environment variable of the same name in capitals."""

    odoo_api_port: int = 8002
    odoo_concurrency: Annotated[int, Field(ge=1, le=64)] = 4
    """Parallel calls to one Odoo."""
    odoo_request_seconds: Annotated[float, Field(gt=0)] = 8.0
    odoo_connect_seconds: Annotated[float, Field(gt=0)] = 3.0
    odoo_breaker_failures: Annotated[int, Field(ge=1)] = 5
    odoo_breaker_seconds: Annotated[float, Field(gt=0)] = 10.0
    odoo_pull_seconds: Annotated[float, Field(gt=0)] = 300.0
    """Between two readings of a tenant's changed products, where `odoo.pull_products` is on."""
    odoo_private_networks: str = LOOPBACK_AND_PRIVATE
    """Networks beside the public Internet in which an Odoo may be, as CIDR, separated by blanks. An Odoo on premise is
    usually private; link-local addresses, where clouds keep their credentials, are never in the default."""
    api_body_bytes: Annotated[int, Field(ge=1024)] = 1024 * 1024
    api_knowledge_body_bytes: Annotated[int, Field(ge=1024)] = 32 * 1024 * 1024
    api_knowledge_items: Annotated[int, Field(ge=1)] = 100_000
    """Items in one request."""
    api_requests_per_second: Annotated[float, Field(gt=0)] = 20.0
    """Sustained rate of one API key; twice as many may come at once."""
    api_answer_seconds: Annotated[float, Field(gt=0)] = 30.0
    api_index_wait_seconds: Annotated[float, Field(gt=0, le=30)] = 20.0
    """How long `?wait=indexed` waits for the hubs; a whole catalogue takes them some seconds."""
    drain_seconds: Annotated[float, Field(ge=0)] = 1.0
    """How long `/health` answers 503 before the port closes: two health intervals of the gateway."""

    @field_validator("odoo_private_networks")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        for each in value.split():
            ip_network(each)
        return value
