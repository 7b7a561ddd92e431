from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _odoo_ai_connection(self):
        """The connection of this company, with all rights; empty when there is none."""
        self.ensure_one()
        return self.env["odoo.ai.connection"].sudo().search([("company_id", "=", self.id)], limit=1)

    def _odoo_ai_make_connection(self):
        """The connection of this company, made if there is none."""
        self.ensure_one()
        found = self._odoo_ai_connection()
        return found or self.env["odoo.ai.connection"].sudo().create({"company_id": self.id})
