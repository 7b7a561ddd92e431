"""The assistant without Chatwoot."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web
from nats.aio.client import Client

from common import subjects
from common.errors import QueryFailed
from common.nats.requests import ask
from common.queries import AnswerQuery
from common.query_answers import Answer
from odoo_api.http_api.answers import answer
from odoo_api.http_api.bodies import fit, query_fields, read_json
from odoo_api.http_api.models import AnswerBody, AnswerResult, NoQuery
from odoo_api.http_api.operation import Caller, Operation
from odoo_api.http_api.problems import query_problem


@dataclass(frozen=True)
class AssistantRoutes:
    """The assistant operation."""

    nc: Client
    body_bytes: int
    seconds: float

    def operations(self) -> list[Operation]:
        """The one operation."""
        return [
            Operation(
                method="POST",
                path="/api/v1/assistant/answer",
                name="askAssistant",
                tag="assistant",
                summary="Ask the assistant; nothing is sent and nothing is kept",
                handler=self.ask,
                scope="assistant:ask",
                body=AnswerBody,
                response=AnswerResult,
                problems=(
                    "unreadable-body",
                    "body-too-large",
                    "unsupported-media-type",
                    "invalid-request",
                    "upstream-failed",
                    "unavailable",
                ),
            )
        ]

    async def ask(self, request: web.Request, caller: Caller) -> web.Response:
        """Answer a question."""
        query_fields(request, NoQuery)
        _, data = await read_json(request, self.body_bytes)
        body = fit(AnswerBody, data)
        query = AnswerQuery(
            tenant=caller.tenant, question=body.question, conversation=body.conversation, contact=body.contact
        )
        try:
            found = await ask(self.nc, subjects.hub_query("answer"), query, timeout=self.seconds, expect=Answer)
        except QueryFailed as error:
            raise query_problem(error.code, str(error)) from error
        return answer(AnswerResult(**{name: getattr(found, name) for name in AnswerResult.model_fields}))
