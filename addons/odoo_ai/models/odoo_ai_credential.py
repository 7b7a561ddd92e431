from odoo import fields, models


class OdooAiCredential(models.Model):
    """The key of a company's tenant. Nobody has rights on this model: only the server itself reads it, with sudo."""

    _name = "odoo.ai.credential"
    _description = "Key of the assistant"
    _rec_name = "company_id"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="cascade")
    api_key = fields.Char(required=True, prefetch=False)

    def init(self):
        self.env.cr.execute(
            "CREATE UNIQUE INDEX IF NOT EXISTS odoo_ai_credential_company ON odoo_ai_credential (company_id)"
        )
