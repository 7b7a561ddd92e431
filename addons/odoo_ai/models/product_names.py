"""Names and prices that stand in products but are kept elsewhere: a change there is one of the products."""

from odoo import models


class ProductCategory(models.Model):
    _inherit = "product.category"

    def write(self, vals):
        result = super().write(vals)
        if {"name", "parent_id"} & set(vals):
            products = self.env["product.product"].sudo().with_context(active_test=False)
            products.search([("categ_id", "child_of", self.ids)])._odoo_ai_changed()
        return result


class ProductAttribute(models.Model):
    _inherit = "product.attribute"

    def write(self, vals):
        result = super().write(vals)
        if "name" in vals:
            self.sudo().attribute_line_ids.product_tmpl_id._odoo_ai_changed()
        return result


class ProductAttributeValue(models.Model):
    _inherit = "product.attribute.value"

    def write(self, vals):
        result = super().write(vals)
        if "name" in vals:
            self.sudo().pav_attribute_line_ids.product_tmpl_id._odoo_ai_changed()
        return result


class ProductTemplateAttributeValue(models.Model):
    _inherit = "product.template.attribute.value"

    def write(self, vals):
        result = super().write(vals)
        if {"price_extra", "ptav_active"} & set(vals):
            self.sudo().product_tmpl_id._odoo_ai_changed()
        return result


class ProductTemplateAttributeLine(models.Model):
    _inherit = "product.template.attribute.line"

    def write(self, vals):
        result = super().write(vals)
        self.sudo().product_tmpl_id._odoo_ai_changed()
        return result
