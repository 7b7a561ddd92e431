from odoo import api, models


class ProductProduct(models.Model):
    _name = "product.product"
    _inherit = ["product.product", "odoo.ai.source"]

    _odoo_ai_kind = "product"

    @api.model
    def _odoo_ai_fields(self):
        return {"active", "default_code", "barcode", "product_template_attribute_value_ids"}

    def _odoo_ai_is_visible(self):
        self.ensure_one()
        return self.active and self.sale_ok and self.product_tmpl_id.odoo_ai_visible

    @api.model
    def _odoo_ai_domain(self, company):
        return [
            ("sale_ok", "=", True),
            ("product_tmpl_id.odoo_ai_visible", "=", True),
            ("company_id", "in", (company.id, False)),
        ]

    def _odoo_ai_item(self):
        """A variant as customers would ask for it. Cost and stock are never sent; a price only helps to search."""
        self.ensure_one()
        template = self.product_tmpl_id
        # Counted here: Odoo's own count depends on whether archived ones are asked for.
        many = len(template.product_variant_ids.filtered("active")) > 1
        return {
            "id": self._odoo_ai_item_id(),
            "name": self._odoo_ai_text(self.name),
            "sku": self._odoo_ai_text(self.default_code),
            "barcode": self._odoo_ai_text(self.barcode),
            "description": self._odoo_ai_text(self.description_sale),
            "category": self._odoo_ai_text(self.categ_id.complete_name),
            "attributes": self._odoo_ai_attributes(),
            "variant_of": f"template-{template.id}" if many else "",
            "sale_ok": self.sale_ok,
            "odoo_id": self.id,
            "currency": self.currency_id.name,
            "list_price": f"{max(self.lst_price, 0):.{self.currency_id.decimal_places}f}",
        }

    def _odoo_ai_attributes(self):
        """The variant's own values, and of attributes that make no variants all that can be chosen."""
        mine = {value.attribute_id.name: value.name for value in self.product_template_attribute_value_ids}
        lines = self.product_tmpl_id.attribute_line_ids
        free = lines.filtered(lambda line: line.attribute_id.create_variant == "no_variant")
        return {**{line.attribute_id.name: ", ".join(line.value_ids.mapped("name")) for line in free}, **mine}

    @api.model_create_multi
    def create(self, vals_list):
        products = super().create(vals_list)
        products._odoo_ai_promotions()._odoo_ai_changed()
        return products

    def unlink(self):
        promotions = self._odoo_ai_promotions()
        result = super().unlink()
        promotions._odoo_ai_changed()
        return result

    def write(self, vals):
        result = super().write(vals)
        if "active" in vals:
            self._odoo_ai_promotions()._odoo_ai_changed()
        return result

    def _odoo_ai_promotions(self):
        """Promotions that name these products: they list the variants one by one."""
        templates = self.product_tmpl_id.ids
        return self.env["odoo.ai.promotion"].sudo().search([("product_tmpl_ids", "in", templates)])
