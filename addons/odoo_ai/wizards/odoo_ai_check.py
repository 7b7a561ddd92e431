from odoo import api, fields, models


class OdooAiCheck(models.TransientModel):
    """The result of a connection test."""

    _name = "odoo.ai.check"
    _description = "Result of a connection test"

    connection_id = fields.Many2one("odoo.ai.connection", required=True, readonly=True, ondelete="cascade")
    all_ok = fields.Boolean(readonly=True)
    line_ids = fields.One2many("odoo.ai.check.line", "check_id", readonly=True)

    @api.model
    def _show(self, connection, steps):
        check = self.sudo().create(
            {
                "connection_id": connection.id,
                "all_ok": all(step["ok"] for step in steps),
                "line_ids": [(0, 0, step) for step in steps],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Test of the connection"),
            "res_model": self._name,
            "res_id": check.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }


class OdooAiCheckLine(models.TransientModel):
    _name = "odoo.ai.check.line"
    _description = "Step of a connection test"

    check_id = fields.Many2one("odoo.ai.check", required=True, ondelete="cascade")
    name = fields.Char(string="What was tried", readonly=True)
    ok = fields.Boolean(string="Works", readonly=True)
    detail = fields.Text(string="Result", readonly=True)
