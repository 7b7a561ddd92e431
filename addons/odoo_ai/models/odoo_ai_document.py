import hashlib

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class OdooAiDocument(models.Model):
    """A support document: a text, or a file whose text the gateway reads."""

    _name = "odoo.ai.document"
    _description = "Document of the assistant"
    _inherit = ["odoo.ai.source", "mail.thread"]
    _order = "sequence, id"

    _odoo_ai_kind = "document"

    name = fields.Char(string="Title", required=True, tracking=True)
    content = fields.Selection([("text", "Text"), ("file", "File")], required=True, default="text")
    text = fields.Text()
    file = fields.Binary(attachment=True)
    file_name = fields.Char()
    source = fields.Char(help="Where the text is from, e.g. “Manual of 2026, page 3”.")
    visible = fields.Boolean(string="Visible to the assistant", default=True, tracking=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company, help="Empty: for the assistants of all companies."
    )

    @api.constrains("content", "text", "file", "visible")
    def _check_content(self):
        for document in self.with_context(bin_size=True):
            has_text = document.content == "text" and (document.text or "").strip()
            has_file = document.content == "file" and document.file
            if document.visible and not (has_text or has_file):
                raise ValidationError(self.env._("“%s” has no content.", document.name))

    @api.model
    def _odoo_ai_fields(self):
        return {"name", "content", "text", "file", "file_name", "source", "visible", "active", "company_id"}

    def _odoo_ai_item(self):
        self.ensure_one()
        return {
            "id": self._odoo_ai_item_id(),
            "title": self._odoo_ai_text(self.name),
            "text": self._odoo_ai_text(self.text),
            "source": self._odoo_ai_text(self.source),
        }

    def _odoo_ai_file(self):
        """The file as (name, bytes)."""
        self.ensure_one()
        attachment = self.env["ir.attachment"].search(
            [("res_model", "=", self._name), ("res_field", "=", "file"), ("res_id", "=", self.id)], limit=1
        )
        return self.file_name or f"{self.name}.txt", attachment.raw or b""

    def _odoo_ai_file_digest(self):
        """What identifies an upload: sent again only when it changed."""
        name, content = self._odoo_ai_file()
        return hashlib.sha256("\0".join((self.name, name)).encode() + b"\0" + content).hexdigest()
