from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .odoo_ai_source import clock

WEEKDAYS = [
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
]


class OdooAiWindow(models.Model):
    """Hours on a weekday: when the company is open, or when a service can be booked."""

    _name = "odoo.ai.window"
    _description = "Hours on a weekday"
    _order = "weekday, opens"

    profile_id = fields.Many2one("odoo.ai.profile", index=True, ondelete="cascade")
    schedule_id = fields.Many2one("odoo.ai.schedule", index=True, ondelete="cascade")
    weekday = fields.Selection(WEEKDAYS, required=True, default="0")
    opens = fields.Float(string="From", required=True, default=9.0)
    closes = fields.Float(string="To", required=True, default=18.0)

    @api.constrains("opens", "closes")
    def _check_times(self):
        for window in self:
            if not 0 <= window.opens < window.closes <= 24:
                raise ValidationError(self.env._("Hours must lie between 0:00 and 24:00, and end after they begin."))

    def _odoo_ai_windows(self):
        """As the API takes them."""
        return [
            {"weekday": int(window.weekday), "opens": clock(window.opens), "closes": clock(window.closes)}
            for window in self.sorted(lambda window: (window.weekday, window.opens))
        ]

    def _odoo_ai_changed(self):
        self.profile_id._odoo_ai_changed()
        self.schedule_id._odoo_ai_changed()

    @api.model_create_multi
    def create(self, vals_list):
        windows = super().create(vals_list)
        windows._odoo_ai_changed()
        return windows

    def write(self, vals):
        self._odoo_ai_changed()
        result = super().write(vals)
        self._odoo_ai_changed()
        return result

    def unlink(self):
        self._odoo_ai_changed()
        return super().unlink()
