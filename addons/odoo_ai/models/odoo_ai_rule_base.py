from odoo import api, fields, models
from odoo.exceptions import ValidationError

CATEGORIES = [
    ("general", "General"),
    ("delivery", "Delivery"),
    ("payment", "Payment"),
    ("exchange", "Exchange and return"),
    ("warranty", "Warranty"),
    ("store", "Shop and opening hours"),
    ("service", "Service"),
    ("privacy", "Privacy"),
    ("product", "Product"),
    ("other", "Other"),
]
AUDIENCES = [
    ("everyone", "Everyone"),
    ("customers", "Known customers"),
    ("staff", "Staff only"),
]


class OdooAiRuleBase(models.AbstractModel):
    """What rules and promotions have in common."""

    _name = "odoo.ai.rule.base"
    _description = "Rule or promotion"
    _inherit = ["odoo.ai.source", "mail.thread"]
    _order = "sequence, id"

    name = fields.Char(string="Title", required=True, tracking=True)
    text = fields.Text(required=True, help="What the assistant may say, in your own words. It is quoted as it stands.")
    category = fields.Selection(CATEGORIES, required=True, default="general", tracking=True)
    category_other = fields.Char(string="Own category")
    priority = fields.Integer(
        default=50, tracking=True, help="0 to 100. When several rules answer a question, the higher one is used."
    )
    valid_from = fields.Date(tracking=True, help="Empty: it holds already.")
    valid_until = fields.Date(
        tracking=True, help="The last day on which it holds. The assistant stops using it by itself; no need to edit it."
    )
    audience = fields.Selection(AUDIENCES, required=True, default="everyone", tracking=True)
    questions = fields.Text(
        string="Example questions",
        help="One per line: how customers ask for this. They help the assistant to find it.",
    )
    visible = fields.Boolean(string="Visible to the assistant", default=True, tracking=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company, help="Empty: for the assistants of all companies."
    )

    @api.constrains("valid_from", "valid_until")
    def _check_dates(self):
        for rule in self:
            if rule.valid_from and rule.valid_until and rule.valid_until < rule.valid_from:
                raise ValidationError(self.env._("“%s” ends before it begins.", rule.name))

    @api.constrains("priority")
    def _check_priority(self):
        for rule in self:
            if not 0 <= rule.priority <= 100:
                raise ValidationError(self.env._("The priority must lie between 0 and 100."))

    @api.model
    def _odoo_ai_fields(self):
        return {
            "name",
            "text",
            "category",
            "category_other",
            "priority",
            "valid_from",
            "valid_until",
            "audience",
            "questions",
            "visible",
            "active",
            "company_id",
        }

    def _odoo_ai_item(self):
        self.ensure_one()
        own = self._odoo_ai_text(self.category_other) if self.category == "other" else ""
        return {
            "id": self._odoo_ai_item_id(),
            "title": self._odoo_ai_text(self.name),
            "text": self._odoo_ai_text(self.text),
            "category": own or self.category,
            "priority": self.priority,
            "valid_from": self.valid_from.isoformat() if self.valid_from else None,
            "valid_until": self.valid_until.isoformat() if self.valid_until else None,
            "audience": self.audience,
            "questions": [line.strip() for line in (self.questions or "").splitlines() if line.strip()],
        }
