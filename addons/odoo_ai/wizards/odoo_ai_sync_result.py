from odoo import api, fields, models

from ..models.odoo_ai_full_sync import COUNTED
from ..models.odoo_ai_item import KINDS, SOURCE_MODELS


class OdooAiSyncResult(models.TransientModel):
    """What a synchronisation did, counted."""

    _name = "odoo.ai.sync.result"
    _description = "Result of a synchronisation"

    connection_id = fields.Many2one("odoo.ai.connection", required=True, readonly=True, ondelete="cascade")
    outcome = fields.Selection(
        [
            ("done", "Done: the assistant knows what Odoo has."),
            ("rejected", "Done, except for the items that were rejected."),
            ("queued", "Large lists were put into the queue and are being sent."),
            ("failed", "Not finished. What was sent stays; try again."),
        ],
        readonly=True,
    )
    error = fields.Text(readonly=True)
    line_ids = fields.One2many("odoo.ai.sync.result.line", "result_id", readonly=True)
    rejection_ids = fields.One2many("odoo.ai.sync.rejection", "result_id", readonly=True)

    @api.model
    def _show(self, connection, results):
        rejections = [(each["kind"], item_id, reason) for each in results for item_id, reason in each["rejected"]]
        result = self.sudo().create(
            {
                "connection_id": connection.id,
                "outcome": _outcome(results),
                "error": next((each["error"] for each in results if each["error"]), False),
                "line_ids": [(0, 0, _line(each)) for each in results],
                "rejection_ids": [
                    (0, 0, {"kind": kind, "item_id": item_id, "reason": reason}) for kind, item_id, reason in rejections
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Synchronisation"),
            "res_model": self._name,
            "res_id": result.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }


class OdooAiSyncResultLine(models.TransientModel):
    _name = "odoo.ai.sync.result.line"
    _description = "What a synchronisation did with a kind"

    result_id = fields.Many2one("odoo.ai.sync.result", required=True, ondelete="cascade")
    kind = fields.Selection(KINDS, readonly=True)
    created = fields.Integer(readonly=True)
    updated = fields.Integer(readonly=True)
    unchanged = fields.Integer(readonly=True)
    removed = fields.Integer(readonly=True)
    rejected = fields.Integer(readonly=True)
    queued = fields.Integer(readonly=True)
    indexed = fields.Boolean(string="Confirmed", readonly=True, help="The assistant confirmed that it can find them.")


class OdooAiSyncRejection(models.TransientModel):
    _name = "odoo.ai.sync.rejection"
    _description = "Rejected item"

    result_id = fields.Many2one("odoo.ai.sync.result", required=True, ondelete="cascade")
    kind = fields.Selection(KINDS, readonly=True)
    item_id = fields.Char(string="Identifier", readonly=True)
    title = fields.Char(compute="_compute_title")
    reason = fields.Text(readonly=True)

    @api.depends("kind", "item_id")
    def _compute_title(self):
        for rejection in self:
            rejection.title = rejection._record().display_name or rejection.item_id

    def _record(self):
        model = self.env[SOURCE_MODELS[self.kind]]
        if not (self.item_id or "").isdigit():
            return model
        return model.with_context(active_test=False).browse(int(self.item_id)).exists()

    def action_open_record(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": SOURCE_MODELS[self.kind],
            "res_id": self._record().id,
            "view_mode": "form",
            "views": [(False, "form")],
        }


def _outcome(results):
    if any(each["error"] for each in results):
        return "failed"
    if any(each["queued"] for each in results):
        return "queued"
    return "rejected" if any(each["rejected"] for each in results) else "done"


def _line(result):
    return {
        "kind": result["kind"],
        **{each: result[each] for each in COUNTED},
        "rejected": len(result["rejected"]),
        "queued": result["queued"],
        "indexed": result["indexed"],
    }
