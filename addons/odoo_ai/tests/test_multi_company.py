from odoo.tests import tagged

from .common import AssistantCase
from .gateway_server import KEY, GatewayServer


@tagged("post_install", "-at_install")
class TestMultiCompany(AssistantCase):
    """Two companies, each with an assistant of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls.env["res.company"].create({"name": "Segunda loja"})
        cls.env.user.write({"company_ids": [(4, cls.second.id)]})
        cls.second_gateway = GatewayServer()
        cls.addClassCleanup(cls.second_gateway.close)
        cls.second_gateway.key = KEY.replace("0123456789", "9876543210")
        cls.second_connection = cls.env["odoo.ai.connection"].create(
            {"company_id": cls.second.id, "url": cls.second_gateway.url, "new_key": cls.second_gateway.key}
        )

    def titles(self, gateway):
        return {item["title"] for item in gateway.kind("rule").values()}

    def test_each_assistant_gets_its_own_and_what_is_shared(self):
        self.rule(name="Da primeira")
        self.rule(name="Da segunda", company_id=self.second.id)
        shared = self.rule(name="De todas", company_id=False)
        self.deliver()
        self.assertEqual(self.titles(self.gateway), {"Da primeira", "De todas"})
        self.assertEqual(self.titles(self.second_gateway), {"Da segunda", "De todas"})

        shared.unlink()
        self.deliver()
        self.assertEqual(self.titles(self.gateway), {"Da primeira"})
        self.assertEqual(self.titles(self.second_gateway), {"Da segunda"})

    def test_a_record_moves_from_one_assistant_to_the_other(self):
        rule = self.rule(name="Andarilha")
        self.deliver()
        rule.company_id = self.second
        self.deliver()

        self.assertEqual(self.titles(self.gateway), set())
        self.assertEqual(self.titles(self.second_gateway), {"Andarilha"})

    def test_a_dead_gateway_of_one_company_does_not_hold_up_the_other(self):
        self.gateway.failures = ["broken"]
        self.rule(name="De todas", company_id=False)
        with self.assertLogs("odoo.addons.odoo_ai.models.odoo_ai_delivery", "WARNING"):
            self.deliver()

        self.assertEqual(self.titles(self.second_gateway), {"De todas"})
        self.assertEqual(self.connection.health, "failing")
        self.assertEqual(self.second_connection.health, "ok")
