from odoo import api, fields, models

from .odoo_ai_source import STATES

# The worst state of its variants is the one to look at.
_WORST_FIRST = ("rejected", "waiting", "unsent", "synced", "hidden", "off")
_FIELDS = {
    "name",
    "description_sale",
    "categ_id",
    "list_price",
    "active",
    "sale_ok",
    "company_id",
    "attribute_line_ids",
    "odoo_ai_visible",
}


class ProductTemplate(models.Model):
    _inherit = "product.template"

    odoo_ai_visible = fields.Boolean(
        string="Visible to the assistant",
        default=True,
        help="The assistant knows products that are visible and can be sold. It reads price and stock live, never from here.",
    )
    odoo_ai_state = fields.Selection(STATES, string="Assistant", compute="_compute_odoo_ai_state", compute_sudo=True)
    odoo_ai_synced_at = fields.Datetime(string="Synchronised at", compute="_compute_odoo_ai_state", compute_sudo=True)
    odoo_ai_error = fields.Text(string="Reason", compute="_compute_odoo_ai_state", compute_sudo=True)

    @api.depends_context("company")
    def _compute_odoo_ai_state(self):
        variants = self.with_context(active_test=False).product_variant_ids
        states = variants._odoo_ai_states(self.env.company)
        for template in self:
            own = [states[each.id] for each in template.with_context(active_test=False).product_variant_ids]
            worst = min(own, key=lambda state: _WORST_FIRST.index(state[0]), default=("hidden", False, False))
            template.odoo_ai_state, template.odoo_ai_synced_at, template.odoo_ai_error = worst

    def _odoo_ai_changed(self):
        self.with_context(active_test=False).product_variant_ids._odoo_ai_changed()

    def write(self, vals):
        concerned = not _FIELDS.isdisjoint(vals)
        # Before and after: variants may come and go, and a product may move to another company.
        if concerned:
            self._odoo_ai_changed()
        result = super().write(vals)
        if concerned:
            self._odoo_ai_changed()
        return result

    def unlink(self):
        self._odoo_ai_changed()
        return super().unlink()

    def update_field_translations(self, field_name, *args, **kwargs):
        if field_name in _FIELDS:
            self._odoo_ai_changed()
        return super().update_field_translations(field_name, *args, **kwargs)
