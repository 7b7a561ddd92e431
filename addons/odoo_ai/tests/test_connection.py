from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..gateway import clean_url
from .common import AssistantCase
from .gateway_server import KEY


@tagged("post_install", "-at_install")
class TestConnection(AssistantCase):
    def check(self):
        action = self.connection.action_test()
        return self.env["odoo.ai.check"].browse(action["res_id"])

    def test_the_test_goes_all_the_way_and_leaves_nothing_behind(self):
        check = self.check()

        self.assertTrue(check.all_ok)
        self.assertEqual(check.line_ids.mapped("ok"), [True] * 4)
        self.assertIn("1.2.3", check.line_ids[0].detail)
        self.assertEqual(self.gateway.kind("rule"), {})
        self.assertTrue(self.gateway.writes("rule"), "something was really written")

    def test_the_test_names_the_step_that_fails_and_how_to_mend_it(self):
        self.gateway.scopes.discard("knowledge:write")
        check = self.check()

        self.assertFalse(check.all_ok)
        self.assertEqual(check.line_ids.mapped("ok"), [True, True, False])
        self.assertIn("knowledge:write", check.line_ids[-1].detail)

    def test_the_test_tells_a_wrong_key_from_a_dead_gateway(self):
        self.connection.new_key = KEY[:-1] + "b"
        self.assertIn("odoo-ai key create", self.check().line_ids[-1].detail)

        self.connection.write({"url": "http://127.0.0.1:9", "new_key": KEY})
        self.assertIn("no connection", self.check().line_ids[-1].detail)

    def test_the_key_is_never_shown_again(self):
        self.assertFalse(self.connection.new_key)
        self.assertEqual(self.connection.key_hint, "oai_0123456789_…")
        self.assertNotIn(KEY, str(self.connection.read()))

    def test_another_address_does_not_get_the_key(self):
        self.connection.url = "https://elsewhere.example"
        self.assertFalse(self.connection.key_hint)
        self.assertFalse(self.connection.is_ready)
        self.assertRaises(UserError, self.connection._gateway)

    def test_the_same_address_written_differently_keeps_the_key(self):
        self.connection.url = self.gateway.url + "/api/v1/"
        self.assertEqual(self.connection.url, self.gateway.url)
        self.assertTrue(self.connection.is_ready)

    def test_addresses_are_cleaned_or_refused(self):
        self.assertEqual(clean_url(" https://a.example/webhook/ "), "https://a.example")
        for wrong in ("a.example", "ftp://a.example", "https://user:pw@a.example", "https://a.example/?token=1"):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.connection.url = wrong

    def test_two_companies_cannot_share_a_key(self):
        other = self.env["res.company"].create({"name": "Outra"})
        with self.assertRaises(ValidationError):
            self.env["odoo.ai.connection"].create(
                {"company_id": other.id, "url": self.gateway.url, "new_key": KEY}
            )

    def test_the_health_panel_counts(self):
        self.rule()
        self.deliver()
        wrong = self.rule(name="Errada")
        self.gateway.rejects = {str(wrong.id): "is too long"}
        self.deliver()
        self.rule(name="Espera")
        self.commit()

        connection = self.connection
        self.assertEqual((connection.synced_items, connection.refused, connection.waiting), (1, 1, 1))
        self.assertTrue(connection.last_delivery_at)
        self.assertTrue(connection.oldest_waiting_at)
        self.assertEqual(connection.health, "waiting")

    def test_a_busy_gateway_is_asked_again_in_a_moment(self):
        self.gateway.failures = [(429, {"retry_after": 1, "type": "urn:odoo-ai:problem:too-many-requests"})]
        self.assertTrue(self.check().all_ok)

    @mute_logger("odoo.addons.odoo_ai.models.odoo_ai_delivery")
    def test_json_that_is_not_the_gateways_is_recognised(self):
        self.rule()
        self.gateway.failures = [(200, {"hello": "world"})]
        self.deliver()
        self.assertIn("something else", self.connection.last_error)
        self.assertEqual(len(self.outbox()), 1)

    @mute_logger("odoo.addons.odoo_ai.models.odoo_ai_delivery")
    def test_a_page_that_is_not_the_gateway_is_recognised(self):
        self.rule()
        self.gateway.failures = [(404, "not-found")]
        self.deliver()
        self.assertEqual(self.connection.health, "failing")
        self.assertEqual(len(self.outbox()), 1)
