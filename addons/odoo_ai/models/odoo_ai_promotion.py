from odoo import api, fields, models
from odoo.exceptions import ValidationError


class OdooAiPromotion(models.Model):
    """A dated offer: outside its dates it does not exist for the assistant."""

    _name = "odoo.ai.promotion"
    _description = "Promotion of the assistant"
    _inherit = "odoo.ai.rule.base"

    _odoo_ai_kind = "promotion"

    discount_percent = fields.Float(string="Discount (%)", digits=(5, 2), tracking=True)
    promotional_price = fields.Monetary(tracking=True)
    currency_id = fields.Many2one("res.currency", required=True, default=lambda self: self.env.company.currency_id)
    product_tmpl_ids = fields.Many2many(
        "product.template",
        string="Products",
        domain=[("sale_ok", "=", True)],
        help="Empty: the text says what it applies to.",
    )
    coupon = fields.Char()

    @api.constrains("discount_percent", "promotional_price")
    def _check_offer(self):
        for promotion in self:
            if not 0 <= promotion.discount_percent <= 100 or promotion.promotional_price < 0:
                raise ValidationError(
                    self.env._("A discount lies between 0 and 100 %, and a price is not below 0.")
                )

    @api.model
    def _odoo_ai_fields(self):
        own = {"discount_percent", "promotional_price", "currency_id", "product_tmpl_ids", "coupon"}
        return super()._odoo_ai_fields() | own

    def _odoo_ai_item(self):
        variants = self.product_tmpl_ids.product_variant_ids.filtered("active")
        return {
            **super()._odoo_ai_item(),
            "discount_percent": _decimal(self.discount_percent, 2),
            "promotional_price": _decimal(self.promotional_price, self.currency_id.decimal_places),
            "currency": self.currency_id.name,
            "product_ids": [variant._odoo_ai_item_id() for variant in variants.sorted("id")],
            "coupon": self._odoo_ai_text(self.coupon),
        }


def _decimal(value, places):
    """An amount as text, free of binary fractions; 0 says nothing and is left out."""
    return f"{value:.{places}f}" if value else None
