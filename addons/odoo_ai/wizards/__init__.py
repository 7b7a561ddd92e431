from . import odoo_ai_ask, odoo_ai_check, odoo_ai_sync_result
