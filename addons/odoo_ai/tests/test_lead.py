from odoo.exceptions import ValidationError
from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestLead(TransactionCase):
    def test_the_conversation_can_be_opened_from_the_lead(self):
        url = "https://chat.example/app/accounts/1/conversations/42"
        lead = self.env["crm.lead"].create(
            {"name": "Sofá", "odoo_ai_conversation_url": url, "odoo_ai_summary": "Quer um sofá azul."}
        )
        self.assertEqual(lead.action_odoo_ai_conversation()["url"], url)

    def test_only_web_addresses_are_taken(self):
        with self.assertRaises(ValidationError):
            self.env["crm.lead"].create({"name": "Sofá", "odoo_ai_conversation_url": "javascript:alert(1)"})
