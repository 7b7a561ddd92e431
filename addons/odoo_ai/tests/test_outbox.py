from odoo.tests import tagged

from .common import AssistantCase


@tagged("post_install", "-at_install")
class TestOutbox(AssistantCase):
    def test_a_business_transaction_sends_nothing_and_adds_one_row_per_record(self):
        rule = self.rule()
        rule.write({"text": "Trocas em 20 dias."})
        rule.write({"priority": 80})
        self.commit()

        self.assertEqual(self.outbox().mapped("item_id"), [str(rule.id)])
        self.assertFalse(self.gateway.requests)

    def test_every_committed_change_has_a_row_of_its_own(self):
        rule = self.rule()
        self.commit()
        rule.text = "Trocas em 20 dias."
        self.commit()

        self.assertEqual(len(self.outbox()), 2)

    def test_a_change_that_is_rolled_back_leaves_no_row(self):
        rule = self.rule()
        self.commit()
        before = self.outbox()
        try:
            with self.env.cr.savepoint():
                rule.text = "Nunca."
                raise ZeroDivisionError
        except ZeroDivisionError:
            self.commit()

        self.assertEqual(self.outbox(), before)

    def test_a_field_the_assistant_does_not_know_is_no_change(self):
        rule = self.rule()
        self.commit()
        before = self.outbox()
        rule.sequence = 99
        self.commit()

        self.assertEqual(self.outbox(), before)

    def test_the_scheduled_action_is_woken(self):
        cron = self.env.ref("odoo_ai.ir_cron_deliver")
        triggers = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        self.rule()
        self.commit()

        self.assertGreater(self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]), triggers)

    def test_without_a_connection_nothing_is_collected(self):
        self.connection._forget_key()
        self.rule()
        self.commit()

        self.assertFalse(self.outbox())

    def test_hours_and_links_of_a_profile_are_changes_of_the_profile(self):
        profile = self.env["odoo.ai.profile"].create({"name": "Loja"})
        self.deliver()
        profile.link_ids.create({"profile_id": profile.id, "name": "Site", "url": "https://loja.example"})
        window = profile.window_ids.create({"profile_id": profile.id, "weekday": "5", "opens": 8, "closes": 12.5})
        self.deliver()
        window.closes = 13
        self.deliver()

        stored = self.gateway.kind("company")["main"]
        self.assertEqual(stored["hours"], [{"weekday": 5, "opens": "08:00", "closes": "13:00"}])
        self.assertEqual(stored["links"], [{"title": "Site", "url": "https://loja.example"}])
