from odoo.tests import Form, tagged

from .common import AssistantCase
from .gateway_server import KEY


@tagged("post_install", "-at_install")
class TestSettings(AssistantCase):
    def test_address_and_key_are_set_per_company_and_the_key_is_kept_nowhere_else(self):
        other = self.env["res.company"].create({"name": "Outra"})
        self.env.user.write({"company_ids": [(4, other.id)]})
        env = self.env(context={**self.env.context, "allowed_company_ids": other.ids})
        key = KEY.replace("0123456789", "9876543210")
        with Form(env["res.config.settings"]) as form:
            form.odoo_ai_url = self.gateway.url + "/"
            form.odoo_ai_key = key
        settings = form.record

        connection = other._odoo_ai_connection()
        self.assertEqual(connection.url, self.gateway.url)
        self.assertTrue(connection.is_ready)
        self.assertFalse(settings.odoo_ai_key)
        self.assertEqual(settings.odoo_ai_key_hint, "oai_9876543210_…")
        self.assertEqual(self.connection.key_hint, "oai_0123456789_…")
        self.env.flush_all()
        self.env.cr.execute("SELECT row_to_json(s)::text FROM res_config_settings s")
        self.assertNotIn(key, str(self.env.cr.fetchall()))

    def test_saving_other_settings_keeps_the_key(self):
        self.env["res.config.settings"].create({}).execute()
        self.assertTrue(self.connection.is_ready)

    def test_the_buttons_work_for_the_company_of_the_settings(self):
        settings = self.env["res.config.settings"].create({})
        self.assertTrue(settings.action_odoo_ai_test()["res_id"])
        self.assertTrue(settings.action_odoo_ai_synchronise()["res_id"])
        self.assertEqual(settings.action_odoo_ai_open()["res_id"], self.connection.id)
        self.assertEqual(settings.odoo_ai_health, "ok")
