from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.odoo_ai_delivery import OdooAiDelivery, pause_seconds
from .common import AssistantCase
from .gateway_server import KEY

DELIVERY = "odoo.addons.odoo_ai.models.odoo_ai_delivery"


@tagged("post_install", "-at_install")
class TestDelivery(AssistantCase):
    def test_a_change_reaches_the_assistant_as_it_stands_when_it_is_sent(self):
        rule = self.rule()
        self.commit()
        rule.text = "Trocas em 7 dias."
        self.deliver()

        self.assertEqual(self.gateway.kind("rule")[str(rule.id)]["text"], "Trocas em 7 dias.")
        self.assertFalse(self.outbox())
        self.assertEqual(rule.odoo_ai_state, "synced")
        self.assertTrue(rule.odoo_ai_synced_at)

    def test_several_changes_of_a_record_are_sent_once(self):
        rule = self.rule()
        for number in range(5):
            rule.text = f"Versão {number}"
            self.commit()
        self.deliver()

        self.assertEqual(len(self.gateway.writes("rule")), 1)
        self.assertEqual(len(self.outbox("sent")), 5)

    def test_deleted_hidden_archived_and_foreign_records_leave_the_assistant(self):
        rules = self.env["odoo.ai.rule"].union(*(self.rule(name=f"Regra {number}") for number in range(4)))
        self.deliver()
        self.assertEqual(len(self.gateway.kind("rule")), 4)
        rules[0].unlink()
        rules[1].visible = False
        rules[2].active = False
        rules[3].company_id = self.env.ref("base.main_company")
        self.deliver()

        self.assertEqual(self.gateway.kind("rule"), {})
        self.assertEqual(rules[1].odoo_ai_state, "hidden")

    def test_nothing_is_lost_while_the_gateway_is_down(self):
        rules = [self.rule(name=f"Regra {number}") for number in range(20)]
        self.gateway.failures = ["broken"] + [(502, "bad-gateway")] * 3
        with mute_logger(DELIVERY):
            for number, rule in enumerate(rules):
                rule.text = f"Novo texto {number}"
                self.deliver()
        self.assertEqual(self.gateway.kind("rule"), {})
        self.assertEqual(self.connection.health, "failing")
        self.assertEqual(len(self.gateway.requests), 1, "a pause is kept, however many changes come")

        while self.outbox():
            self.later()
            with mute_logger(DELIVERY):
                self.deliver()

        texts = {item["title"]: item["text"] for item in self.gateway.kind("rule").values()}
        self.assertEqual(texts, {f"Regra {number}": f"Novo texto {number}" for number in range(20)})
        self.assertEqual(self.connection.health, "ok")
        self.assertEqual(self.connection.failures, 0)

    def test_a_repetition_after_a_lost_answer_carries_the_same_idempotency_key(self):
        self.rule()
        self.gateway.failures = ["broken"]
        with mute_logger(DELIVERY):
            self.deliver()
        self.later()
        self.deliver()

        first, second = self.gateway.keys_used()
        self.assertEqual(first, second)

    def test_another_state_of_the_record_carries_another_idempotency_key(self):
        rule = self.rule()
        self.gateway.failures = ["broken"]
        with mute_logger(DELIVERY):
            self.deliver()
        rule.text = "Outro texto."
        self.later()
        self.deliver()

        first, second = self.gateway.keys_used()
        self.assertNotEqual(first, second)

    def test_the_same_rows_with_another_content_carry_another_idempotency_key(self):
        rule = self.rule()
        self.gateway.failures = ["broken"]
        with mute_logger(DELIVERY):
            self.deliver()
        # As in a database that was restored, whose row numbers were used before.
        self.env.cr.execute("UPDATE odoo_ai_rule SET text = 'Outro texto.' WHERE id = %s", [rule.id])
        self.env.invalidate_all()
        self.later()
        self.deliver()

        first, second = self.gateway.keys_used()
        self.assertNotEqual(first, second)

    def test_pauses_double_up_to_a_limit_and_respect_the_gateway(self):
        self.assertEqual([pause_seconds(each) for each in (1, 2, 3, 4)], [5, 10, 20, 40])
        self.assertEqual(pause_seconds(50), 15 * 60)
        self.assertEqual(pause_seconds(1, retry_after=60), 60)

    def test_a_wrong_key_stops_sending_and_keeps_everything(self):
        rule = self.rule()
        self.gateway.failures = [(401, "invalid-key")]
        with mute_logger(DELIVERY):
            self.deliver()
        self.assertEqual(rule.odoo_ai_state, "waiting")
        self.assertIn("invalid-key", self.connection.last_error)

        # Nobody has to wait for the next attempt: a new key is tried at once.
        self.connection.new_key = KEY
        self.deliver()

        self.assertIn(str(rule.id), self.gateway.kind("rule"))

    def test_a_rejected_item_says_why_and_holds_up_no_other(self):
        wrong, right = self.rule(name="Errada"), self.rule(name="Certa")
        self.gateway.rejects = {str(wrong.id): "is too long"}
        self.deliver()

        self.assertEqual(right.odoo_ai_state, "synced")
        self.assertEqual(wrong.odoo_ai_state, "rejected")
        self.assertEqual(wrong.odoo_ai_error, "text: is too long")
        self.assertEqual(self.outbox("dead").mapped("item_id"), [str(wrong.id)])

        self.gateway.rejects = {}
        self.outbox("dead").action_retry()
        self.deliver()

        self.assertEqual(wrong.odoo_ai_state, "synced")
        self.assertFalse(self.outbox("dead", "pending"))

    def test_a_corrected_record_settles_what_was_rejected_before(self):
        rule = self.rule()
        self.gateway.rejects = {str(rule.id): "is too long"}
        self.deliver()
        self.gateway.rejects = {}
        rule.text = "Curto."
        self.deliver()

        self.assertEqual(rule.odoo_ai_state, "synced")
        self.assertFalse(self.outbox("dead"))

    def test_a_request_that_is_refused_as_a_whole_is_split_until_the_culprit_is_found(self):
        rules = [self.rule(name=f"Regra {number}") for number in range(7)]
        self.gateway.poison = {str(rules[4].id)}
        self.deliver()

        self.assertEqual(len(self.gateway.kind("rule")), 6)
        self.assertEqual(self.outbox("dead").mapped("item_id"), [str(rules[4].id)])
        self.assertEqual(self.connection.health, "ok")

    def test_a_record_that_cannot_be_read_holds_up_no_other(self):
        broken, fine = self.rule(name="Quebrada"), self.rule(name="Boa")
        rule_class = type(self.env["odoo.ai.rule"])
        read = rule_class._odoo_ai_item

        def item(record):
            if record.name == "Quebrada":
                raise ValueError("cannot be computed")
            return read(record)

        with patch.object(rule_class, "_odoo_ai_item", item), mute_logger(DELIVERY):
            self.deliver()

        self.assertEqual(list(self.gateway.kind("rule")), [str(fine.id)])
        self.assertIn("cannot be computed", broken.odoo_ai_error)

    def test_the_scheduled_action_never_fails(self):
        self.rule()
        self.commit()
        with (
            patch.object(OdooAiDelivery, "_send_rows", side_effect=ValueError("bug")),
            mute_logger(DELIVERY),
        ):
            self.env["odoo.ai.outbox"]._cron_deliver()

        self.assertEqual(len(self.outbox()), 1)
        self.assertIn("internal error", self.connection.last_error)

    def test_switched_off_changes_wait(self):
        self.connection.deliver = False
        self.rule()
        self.deliver()
        self.assertFalse(self.gateway.requests)
        self.assertEqual(self.connection.health, "paused")

        self.connection.deliver = True
        self.deliver()
        self.assertEqual(len(self.gateway.kind("rule")), 1)

    def test_only_one_process_sends_for_a_company(self):
        self.rule()
        self.commit()
        with self.env.registry.cursor() as other:
            other.execute("SELECT pg_advisory_xact_lock(%s, %s)", (0x0D00A1, self.company.id))
            self.env["odoo.ai.outbox"]._cron_deliver()
            self.assertFalse(self.gateway.requests)
        self.env["odoo.ai.outbox"]._cron_deliver()

        self.assertEqual(len(self.gateway.kind("rule")), 1)

    def test_files_are_uploaded_and_hidden_ones_removed(self):
        document = self.env["odoo.ai.document"].create(
            {"name": "Manual", "content": "file", "file_name": "manual.txt", "file": "TW9udGUgYSBwcmF0ZWxlaXJh"}
        )
        text = self.env["odoo.ai.document"].create({"name": "Guia", "text": "Como lavar."})
        self.deliver()

        stored = self.gateway.kind("document")
        self.assertEqual(stored[str(document.id)]["file"], "Monte a prateleira")
        self.assertEqual(stored[str(document.id)]["filename"], "manual.txt")
        self.assertEqual(stored[str(text.id)]["text"], "Como lavar.")
        self.assertEqual(document.odoo_ai_state, "synced")

        document.visible = False
        self.deliver()
        self.assertNotIn(str(document.id), self.gateway.kind("document"))

    def test_settled_rows_are_kept_for_two_weeks(self):
        self.rule()
        self.deliver()
        self.env["odoo.ai.outbox"]._gc_settled()
        self.assertEqual(len(self.outbox("sent")), 1)

        self.outbox("sent").write({"created_at": fields.Datetime.now() - timedelta(days=15)})
        self.env["odoo.ai.outbox"]._gc_settled()
        self.assertFalse(self.outbox("sent"))
