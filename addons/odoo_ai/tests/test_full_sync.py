from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import odoo_ai_full_sync
from .common import AssistantCase


@tagged("post_install", "-at_install")
class TestFullSync(AssistantCase):
    def synchronise(self):
        action = self.connection.action_synchronise()
        return self.env["odoo.ai.sync.result"].browse(action["res_id"])

    def line(self, result, kind):
        return result.line_ids.filtered(lambda line: line.kind == kind)

    def test_the_result_counts_what_was_done(self):
        kept, changed = self.rule(name="Fica"), self.rule(name="Muda")
        self.gateway.kind("rule")["old"] = {"id": "old"}
        first = self.line(self.synchronise(), "rule")
        self.assertEqual((first.created, first.removed, first.indexed), (2, 1, True))

        changed.text = "Outro texto."
        self.rule(name="Nova")
        second = self.line(self.synchronise(), "rule")
        self.assertEqual((second.created, second.updated, second.unchanged, second.removed), (1, 1, 1, 0))
        self.assertEqual(kept.odoo_ai_state, "synced")

    def test_a_second_synchronisation_changes_nothing(self):
        self.rule()
        self.env["odoo.ai.profile"].create({"name": "Loja"})
        self.env["product.template"].create({"name": "Cadeira", "company_id": self.company.id})
        self.synchronise()
        again = self.synchronise()

        self.assertEqual(sum(again.line_ids.mapped("created")) + sum(again.line_ids.mapped("updated")), 0)
        self.assertEqual(sum(again.line_ids.mapped("unchanged")), 3)
        self.assertEqual(again.outcome, "done")

    def test_the_delivery_after_a_synchronisation_sends_the_same(self):
        self.rule()
        self.env["product.template"].create({"name": "Cadeira", "company_id": self.company.id})
        self.synchronise()
        before = {kind: dict(items) for kind, items in self.gateway.stored.items()}
        self.env["odoo.ai.rule"].search([("company_id", "=", self.company.id)])._odoo_ai_changed()
        self.env["product.product"].search([("company_id", "=", self.company.id)])._odoo_ai_changed()
        self.deliver()

        self.assertEqual({kind: items for kind, items in self.gateway.stored.items() if items}, {k: v for k, v in before.items() if v})

    def test_what_waited_is_done(self):
        self.rule()
        self.commit()
        self.synchronise()

        self.assertFalse(self.outbox())
        self.gateway.requests.clear()
        self.env["odoo.ai.outbox"]._cron_deliver()
        self.assertFalse(self.gateway.requests)

    def test_rejected_items_are_listed_with_their_reasons(self):
        wrong = self.rule(name="Errada")
        self.gateway.rejects = {str(wrong.id): "is too long"}
        result = self.synchronise()

        self.assertEqual(result.outcome, "rejected")
        self.assertEqual(result.rejection_ids.title, "Errada")
        self.assertEqual(result.rejection_ids.reason, "text: is too long")
        self.assertEqual(result.rejection_ids.action_open_record()["res_id"], wrong.id)
        self.assertEqual(wrong.odoo_ai_state, "rejected")

    def test_a_failure_in_the_middle_is_told_and_keeps_what_waits(self):
        self.rule()
        self.commit()
        self.gateway.failures = [(503, "unavailable")]
        with mute_logger("odoo.addons.odoo_ai.models.odoo_ai_delivery"):
            result = self.synchronise()

        self.assertEqual(result.outcome, "failed")
        self.assertIn("unavailable", result.error)
        self.assertEqual(len(self.outbox()), 1)

    def test_a_large_list_goes_through_the_queue(self):
        rules = [self.rule(name=f"Regra {number}") for number in range(5)]
        self.gateway.kind("rule").update({"old": {"id": "old"}, "odoo-pull-7": {"id": "odoo-pull-7"}})
        with patch.object(odoo_ai_full_sync, "MOST_INLINE", 3):
            result = self.synchronise()
        self.assertEqual(result.outcome, "queued")
        self.assertEqual(self.line(result, "rule").queued, 6)
        self.deliver()

        # What the backend read by itself is not the module's to remove.
        self.assertEqual(set(self.gateway.kind("rule")), {"odoo-pull-7", *(str(rule.id) for rule in rules)})

    def test_a_file_is_uploaded_once(self):
        self.env["odoo.ai.document"].create(
            {"name": "Manual", "content": "file", "file_name": "manual.txt", "file": "TW9udGU="}
        )
        first = self.line(self.synchronise(), "document")
        second = self.line(self.synchronise(), "document")

        self.assertEqual((first.created, second.created, second.unchanged), (1, 0, 1))

    def test_each_company_sends_its_own_and_what_all_share(self):
        other = self.env["res.company"].create({"name": "Outra"})
        self.rule(name="Minha")
        self.rule(name="De todos", company_id=False)
        self.rule(name="Da outra", company_id=other.id)
        self.synchronise()

        titles = {item["title"] for item in self.gateway.kind("rule").values()}
        self.assertEqual(titles, {"Minha", "De todos"})
