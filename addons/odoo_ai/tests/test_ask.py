from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import AssistantCase


@tagged("post_install", "-at_install")
class TestAsk(AssistantCase):
    def test_answer_sources_facts_and_checks_are_shown(self):
        self.gateway.answer = {
            "answer": "Trocas em 30 dias.",
            "outcome": "answered",
            "reason": "one clear rule",
            "sources": [{"kind": "rule", "id": "7", "title": "Troca"}],
            "facts": [{"kind": "text", "value": "30 dias", "subject": "rule:7", "source": "knowledge"}],
            "verdicts": [{"claim": "30", "kind": "number", "passed": True, "why": ""}],
        }
        ask = self.env["odoo.ai.ask"].create({"question": " Posso trocar? "})
        ask.action_ask()

        self.assertEqual(ask.answer, "Trocas em 30 dias.")
        self.assertEqual(ask.source_ids.title, "Troca")
        self.assertEqual(ask.fact_ids.value, "30 dias")
        self.assertTrue(ask.verdict_ids.passed)
        self.assertEqual(self.gateway.writes()[-1][2], {"question": "Posso trocar?"})

    def test_asking_again_replaces_the_answer(self):
        self.gateway.answer = {**self.gateway.answer, "sources": [{"kind": "rule", "id": "7", "title": "Troca"}]}
        ask = self.env["odoo.ai.ask"].create({"question": "Posso trocar?"})
        ask.action_ask()
        ask.action_ask()
        self.assertEqual(len(ask.source_ids), 1)

    def test_a_question_that_cannot_be_asked_says_why(self):
        ask = self.env["odoo.ai.ask"].create({"question": " "})
        self.assertRaises(UserError, ask.action_ask)
        ask.question = "a" * 4001
        self.assertRaises(UserError, ask.action_ask)
        ask.question = "Oi"
        self.gateway.failures = [(503, "unavailable")]
        with self.assertRaisesRegex(UserError, "unavailable"):
            ask.action_ask()
        self.connection._forget_key()
        with self.assertRaisesRegex(UserError, "not connected"):
            ask.action_ask()
