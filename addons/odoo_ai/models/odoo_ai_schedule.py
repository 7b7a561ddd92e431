from odoo import api, fields, models
from odoo.exceptions import ValidationError


class OdooAiSchedule(models.Model):
    """A service that customers can book, with its rules."""

    _name = "odoo.ai.schedule"
    _description = "Bookable service"
    _inherit = ["odoo.ai.source", "mail.thread"]
    _order = "sequence, id"

    _odoo_ai_kind = "schedule"

    name = fields.Char(string="Service", required=True, tracking=True)
    description = fields.Text()
    duration = fields.Float(string="Duration (hours)", required=True, default=1.0)
    window_ids = fields.One2many("odoo.ai.window", "schedule_id", string="Bookable times", copy=True)
    min_advance_hours = fields.Integer(string="Book at least (hours) before")
    max_advance_days = fields.Integer(string="Book at most (days) before", help="0: no limit.")
    cancellation_policy = fields.Text(string="Cancelling")
    rescheduling_policy = fields.Text(string="Rescheduling")
    required_information = fields.Text(string="What the customer must tell")
    visible = fields.Boolean(string="Visible to the assistant", default=True, tracking=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company, help="Empty: for the assistants of all companies."
    )

    @api.constrains("duration", "min_advance_hours", "max_advance_days")
    def _check_numbers(self):
        for schedule in self:
            if not 0 < schedule.duration <= 24:
                raise ValidationError(self.env._("A service lasts more than 0 and at most 24 hours."))
            if schedule.min_advance_hours < 0 or schedule.max_advance_days < 0:
                raise ValidationError(self.env._("A time in advance is not below 0."))

    @api.model
    def _odoo_ai_fields(self):
        return {
            "name",
            "description",
            "duration",
            "window_ids",
            "min_advance_hours",
            "max_advance_days",
            "cancellation_policy",
            "rescheduling_policy",
            "required_information",
            "visible",
            "active",
            "company_id",
        }

    def _odoo_ai_item(self):
        self.ensure_one()
        policies = (self.cancellation_policy, self.rescheduling_policy)
        return {
            "id": self._odoo_ai_item_id(),
            "service": self._odoo_ai_text(self.name),
            "description": self._odoo_ai_text(self.description),
            "duration": max(1, round(self.duration * 60)),
            "windows": self.window_ids._odoo_ai_windows(),
            "min_advance_hours": self.min_advance_hours,
            "max_advance_days": self.max_advance_days,
            "policies": "\n".join(filter(None, map(self._odoo_ai_text, policies))),
            "required_information": self._odoo_ai_text(self.required_information),
        }
