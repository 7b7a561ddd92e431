from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import AssistantCase
from .gateway_server import KEY


@tagged("post_install", "-at_install")
class TestAccess(AssistantCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()

        def user(login, groups):
            return new_test_user(
                cls.env, login, groups=groups, company_id=cls.company.id, company_ids=[(6, 0, cls.company.ids)]
            )

        cls.employee = user("employee", "base.group_user,sales_team.group_sale_salesman,product.group_product_manager")
        cls.writer = user("writer", "odoo_ai.group_odoo_ai_user")
        cls.manager = user("manager", "odoo_ai.group_odoo_ai_manager")

    def test_nobody_can_read_the_key(self):
        for someone in (self.employee, self.writer, self.manager, self.env.ref("base.user_admin")):
            credentials = self.env["odoo.ai.credential"].with_user(someone)
            with self.assertRaises(AccessError):
                credentials.search([]).read(["api_key"])

    def test_an_ordinary_user_changes_products_without_rights_on_the_assistant(self):
        product = self.env["product.template"].with_user(self.employee).create(
            {"name": "Cadeira", "company_id": self.company.id}
        )
        product.list_price = 10
        self.deliver()

        self.assertEqual(len(self.gateway.kind("product")), 1)
        with self.assertRaises(AccessError):
            self.env["odoo.ai.rule"].with_user(self.employee).search([])

    def test_a_writer_writes_and_asks_but_does_not_synchronise(self):
        rule = self.env["odoo.ai.rule"].with_user(self.writer).create({"name": "Troca", "text": "30 dias."})
        self.deliver()
        self.assertEqual(rule.odoo_ai_state, "synced")
        ask = self.env["odoo.ai.ask"].with_user(self.writer).create({"question": "Posso trocar?"})
        ask.action_ask()
        self.assertEqual(ask.outcome, "answered")

        connection = self.connection.with_user(self.writer)
        self.assertRaises(AccessError, connection.action_synchronise)
        self.assertRaises(AccessError, connection.action_test)
        self.assertRaises(UserError, self.outbox("sent").with_user(self.writer).action_retry)

    def test_a_manager_synchronises_but_sends_the_key_nowhere_else(self):
        connection = self.connection.with_user(self.manager)
        self.assertTrue(connection.action_synchronise()["res_id"])
        self.assertTrue(connection.action_test()["res_id"])
        with self.assertRaises(AccessError):
            connection.write({"url": "https://elsewhere.example"})
        with self.assertRaises(AccessError):
            connection.write({"new_key": KEY})

    def test_a_company_sees_its_own_only(self):
        other = self.env["res.company"].create({"name": "Outra"})
        mine = self.rule()
        foreign = self.rule(company_id=other.id)
        self.deliver()
        seen = self.env["odoo.ai.rule"].with_user(self.writer).search([])

        self.assertIn(mine, seen)
        self.assertNotIn(foreign, seen)
        with self.assertRaises(AccessError):
            foreign.with_user(self.writer).read(["text"])
        companies = self.env["odoo.ai.item"].with_user(self.writer).search([]).company_id
        self.assertLessEqual(companies, self.company)
