from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    odoo_ai_connection_id = fields.Many2one("odoo.ai.connection", compute="_compute_odoo_ai")
    # Not stored: a key in the table of a wizard would be one more copy of a secret.
    odoo_ai_url = fields.Char(string="Address of the gateway", compute="_compute_odoo_ai", inverse="_inverse_odoo_ai")
    odoo_ai_key = fields.Char(string="Key", compute="_compute_odoo_ai_key", inverse="_inverse_odoo_ai")
    odoo_ai_key_hint = fields.Char(string="Stored key", compute="_compute_odoo_ai")
    odoo_ai_health = fields.Selection(related="odoo_ai_connection_id.health")
    odoo_ai_last_delivery_at = fields.Datetime(related="odoo_ai_connection_id.last_delivery_at")
    odoo_ai_waiting = fields.Integer(related="odoo_ai_connection_id.waiting")
    odoo_ai_refused = fields.Integer(related="odoo_ai_connection_id.refused")
    odoo_ai_last_error = fields.Char(related="odoo_ai_connection_id.last_error")
    odoo_ai_last_error_at = fields.Datetime(related="odoo_ai_connection_id.last_error_at")

    @api.depends("company_id")
    def _compute_odoo_ai(self):
        for settings in self:
            connection = settings.company_id._odoo_ai_connection()
            settings.odoo_ai_connection_id = connection
            settings.odoo_ai_url = connection.url
            settings.odoo_ai_key_hint = connection.key_hint

    def _compute_odoo_ai_key(self):
        self.odoo_ai_key = False

    def _inverse_odoo_ai(self):
        for settings in self:
            connection = settings.company_id._odoo_ai_connection()
            if not connection and not (settings.odoo_ai_url or settings.odoo_ai_key):
                continue
            vals = {"url": settings.odoo_ai_url}
            if settings.odoo_ai_key:
                vals["new_key"] = settings.odoo_ai_key
            settings.company_id._odoo_ai_make_connection().write(vals)

    def action_odoo_ai_test(self):
        return self._odoo_ai_mine().action_test()

    def action_odoo_ai_synchronise(self):
        return self._odoo_ai_mine().action_synchronise()

    def action_odoo_ai_open(self):
        return self.env["odoo.ai.connection"].with_company(self.company_id).action_open_mine()

    def _odoo_ai_mine(self):
        self.ensure_one()
        return self.env["odoo.ai.connection"].browse(self.company_id._odoo_ai_make_connection().id)
