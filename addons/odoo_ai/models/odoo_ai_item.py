from odoo import api, fields, models

KINDS = [
    ("company", "Company profile"),
    ("rule", "Rule"),
    ("promotion", "Promotion"),
    ("schedule", "Service"),
    ("document", "Document"),
    ("product", "Product"),
]

SOURCE_MODELS = {
    "company": "odoo.ai.profile",
    "rule": "odoo.ai.rule",
    "promotion": "odoo.ai.promotion",
    "schedule": "odoo.ai.schedule",
    "document": "odoo.ai.document",
    "product": "product.product",
}


class OdooAiItem(models.Model):
    """What the assistant of a company has of a record, as far as Odoo knows. Written by deliveries only.

    Not on the records themselves: a product may be with the assistants of several companies, and a delivery must not
    get in the way of somebody who edits the product.
    """

    _name = "odoo.ai.item"
    _description = "Item at the assistant"
    _order = "synced_at desc, id desc"
    _rec_name = "title"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="cascade")
    kind = fields.Selection(KINDS, required=True)
    item_id = fields.Char(required=True, string="Identifier")
    res_id = fields.Integer(required=True, string="Record")
    title = fields.Char(compute="_compute_title")
    state = fields.Selection([("synced", "Synchronised"), ("rejected", "Rejected")], required=True, default="synced")
    synced_at = fields.Datetime(string="Last tried")
    error = fields.Text(string="Reason")
    digest = fields.Char(help="What was sent, for files that need not be sent again.")

    def init(self):
        self.env.cr.execute(
            """CREATE UNIQUE INDEX IF NOT EXISTS odoo_ai_item_identity
               ON odoo_ai_item (company_id, kind, item_id)"""
        )

    @api.depends("kind", "res_id")
    def _compute_title(self):
        for kind, model in SOURCE_MODELS.items():
            items = self.filtered(lambda item, kind=kind: item.kind == kind)
            records = self.env[model].with_context(active_test=False).browse(items.mapped("res_id")).exists()
            names = {record.id: record.display_name for record in records}
            for item in items:
                item.title = names.get(item.res_id, item.item_id)
        (self - self.filtered("kind")).title = False

    def action_open_record(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": SOURCE_MODELS[self.kind],
            "res_id": self.res_id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    @api.model
    def _note(self, company, kind, results):
        """Store what became of items.

        `results`: tuples of item id, record id, state, reason and digest.
        """
        now = fields.Datetime.now()
        rows = [
            (company.id, kind, item_id, res_id, state, now, error, digest)
            for item_id, res_id, state, error, digest in results
        ]
        if rows:
            self.env.cr.execute_values(
                """INSERT INTO odoo_ai_item
                       (company_id, kind, item_id, res_id, state, synced_at, error, digest) VALUES %s
                   ON CONFLICT (company_id, kind, item_id) DO UPDATE
                   SET res_id = EXCLUDED.res_id, state = EXCLUDED.state, synced_at = EXCLUDED.synced_at,
                       error = EXCLUDED.error, digest = COALESCE(EXCLUDED.digest, odoo_ai_item.digest)""",
                rows,
            )
            self.invalidate_model()

    @api.model
    def _forget(self, company, kind, item_ids):
        """Items are no longer at the assistant."""
        self.search([("company_id", "=", company.id), ("kind", "=", kind), ("item_id", "in", list(item_ids))]).unlink()
