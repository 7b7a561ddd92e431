from odoo import fields
from odoo.tests import TransactionCase

from .gateway_server import KEY, GatewayServer


class AssistantCase(TransactionCase):
    """A company that is connected to a gateway on localhost, with an empty catalogue of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Loja de teste"})
        cls.env.user.write({"company_ids": [(4, cls.company.id)]})
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids, "tracking_disable": True})
        # Demo products belong to all companies; the assistant of this one shall know its own only.
        cls.env["product.template"].search([]).write({"odoo_ai_visible": False})
        cls.env["odoo.ai.connection"].search([("company_id", "!=", cls.company.id)]).sudo().write({"is_ready": False})
        cls.env.cr.flush()
        cls.gateway = GatewayServer()
        cls.addClassCleanup(cls.gateway.close)
        cls.connection = cls.env["odoo.ai.connection"].create(
            {"company_id": cls.company.id, "url": cls.gateway.url, "new_key": KEY}
        )

    def setUp(self):
        super().setUp()
        for gateway in filter(None, (self.gateway, getattr(self, "second_gateway", None))):
            gateway.stored, gateway.requests, gateway.failures = {}, [], []
            gateway.rejects, gateway.poison = {}, set()
            gateway.scopes = {"knowledge:read", "knowledge:write", "assistant:ask"}

    def commit(self):
        """What a commit does before it commits."""
        self.env.cr.flush()

    def outbox(self, *states):
        domain = [("company_id", "=", self.company.id), ("state", "in", states or ("pending",))]
        return self.env["odoo.ai.outbox"].search(domain, order="id")

    def deliver(self):
        """Let the scheduled action run."""
        self.commit()
        self.env["odoo.ai.outbox"]._cron_deliver()
        # Elsewhere a new transaction would look: states are computed from tables that no field depends on.
        self.env.invalidate_all()

    def later(self):
        """Time passes: what waits for a next attempt is due."""
        self.outbox().write({"next_try": fields.Datetime.now()})
        self.connection.write({"retry_at": False})

    def rule(self, **values):
        return self.env["odoo.ai.rule"].create({"name": "Troca", "text": "Trocas em 30 dias.", **values})
