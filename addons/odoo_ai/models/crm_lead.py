from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmLead(models.Model):
    _inherit = "crm.lead"

    odoo_ai_conversation_url = fields.Char(
        string="Conversation", copy=False, help="Where the conversation with this customer can be read and continued."
    )
    odoo_ai_summary = fields.Text(string="Summary by the assistant", copy=False)

    @api.constrains("odoo_ai_conversation_url")
    def _check_odoo_ai_conversation_url(self):
        for lead in self.filtered("odoo_ai_conversation_url"):
            if urlsplit(lead.odoo_ai_conversation_url).scheme not in ("http", "https"):
                raise ValidationError(self.env._("The address of a conversation begins with http:// or https://."))

    def action_odoo_ai_conversation(self):
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self.odoo_ai_conversation_url, "target": "new"}
