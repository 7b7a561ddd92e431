"""What the modules' View buttons open in a browser: they bring no key, so nothing of a company can be shown."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from odoo_api.http_api.docs_page import CONTENT_SECURITY_POLICY

_PAGE: Final = """<!doctype html><html lang=pt-BR><meta charset=utf-8><title>Sistema Integrado Odoo-AI</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem}</style>
<h1>Sistema Integrado Odoo-AI</h1>
<p lang=pt-BR>Este botão abre a página sem chave, por isso ela não mostra dados. O que o assistente sabe está no Odoo e
em <code>GET /api/v1/knowledge/&lt;tipo&gt;</code>, com a chave da API. <a href="/api/docs">Documentação</a></p>
<p lang=es>Este botón abre la página sin clave, por eso no muestra datos. Lo que el asistente sabe está en Odoo y en
<code>GET /api/v1/knowledge/&lt;tipo&gt;</code>, con la clave de la API.</p>
<p lang=en>This button opens the page without a key, so it shows no data. What the assistant knows is in Odoo and at
<code>GET /api/v1/knowledge/&lt;kind&gt;</code>, with the API key.</p>
"""
_VIEWS: Final = (
    "view",
    "view-temporary-rules",
    "view-scheduling-rules",
    "view-support-documents",
    "view-company-metadata",
)


def view_routes() -> list[web.RouteDef]:
    """One page for all of them."""
    return [web.get(f"/api/v1/business-rules/{each}", _page) for each in _VIEWS]


async def _page(_: web.Request) -> web.Response:
    return web.Response(
        text=_PAGE, status=401, content_type="text/html", headers={"Content-Security-Policy": CONTENT_SECURITY_POLICY}
    )
