from odoo import models


class OdooAiRule(models.Model):
    _name = "odoo.ai.rule"
    _description = "Rule of the assistant"
    _inherit = "odoo.ai.rule.base"

    _odoo_ai_kind = "rule"
