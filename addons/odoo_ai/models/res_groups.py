from odoo import api, models

from .. import compat


class ResGroups(models.Model):
    _inherit = "res.groups"

    @api.model
    def _odoo_ai_put_into_section(self):
        groups = self.env.ref("odoo_ai.group_odoo_ai_user") | self.env.ref("odoo_ai.group_odoo_ai_manager")
        compat.put_groups_into_section(self.env, groups, self.env.ref("odoo_ai.module_category_odoo_ai"))
