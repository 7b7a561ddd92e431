from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .odoo_ai_item import KINDS, SOURCE_MODELS

KEPT_DAYS = 14
_CHANGES = "odoo_ai_changes"


class OdooAiOutbox(models.Model):
    """Changes that the assistant must hear of.

    A business transaction only adds a row here: never sent, never changed by others. The scheduled action sends what
    the record says at that time, all waiting rows of a record at once. Rows are only added, so a change that is
    committed while an older state of the record is under way has its own row and is sent afterwards.
    """

    _name = "odoo.ai.outbox"
    _description = "Change to send to the assistant"
    _order = "id desc"
    _rec_name = "item_id"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="cascade")
    kind = fields.Selection(KINDS, required=True)
    item_id = fields.Char(required=True, string="Identifier")
    res_id = fields.Integer(required=True, string="Record")
    state = fields.Selection(
        [("pending", "Waiting"), ("sent", "Sent"), ("dead", "Refused"), ("dropped", "Dropped")],
        required=True,
        default="pending",
    )
    created_at = fields.Datetime(required=True, string="Changed")
    next_try = fields.Datetime(required=True)
    attempts = fields.Integer(required=True, default=0)
    sent_at = fields.Datetime(string="Sent")
    error = fields.Text(string="Last error")

    def init(self):
        self.env.cr.execute(
            """CREATE INDEX IF NOT EXISTS odoo_ai_outbox_open
               ON odoo_ai_outbox (company_id, kind, item_id) WHERE state IN ('pending', 'dead')"""
        )
        self.env.cr.execute(
            "CREATE INDEX IF NOT EXISTS odoo_ai_outbox_sent ON odoo_ai_outbox (company_id, sent_at) WHERE state = 'sent'"
        )

    @api.model
    def _collect(self, kind, identities):
        """Remember changed records until the transaction is about to commit.

        A savepoint that is rolled back forgets its changes, and so does the transaction. `identities`: tuples of item
        id, record id and company id (0: of all companies).
        """
        precommit = self.env.cr.precommit
        changes = precommit.data.setdefault(_CHANGES, {})
        if not changes:
            precommit.add(self.sudo()._add_collected)
        for item_id, res_id, company_id in identities:
            changes.setdefault((kind, item_id, res_id), set()).add(company_id)

    @api.model
    def _add_collected(self):
        changes = self.env.cr.precommit.data.pop(_CHANGES, {})
        connected = self.env["odoo.ai.connection"].search([("is_ready", "=", True)]).company_id.ids
        self._add_rows(
            [
                (company_id, kind, item_id, res_id)
                for (kind, item_id, res_id), companies in changes.items()
                for company_id in (connected if 0 in companies else sorted(companies.intersection(connected)))
            ]
        )

    @api.model
    def _add_rows(self, targets):
        """Add rows (company id, kind, item id, record id) and wake the scheduled action on commit."""
        if not targets:
            return
        now = fields.Datetime.now()
        self.env.cr.execute_values(
            """INSERT INTO odoo_ai_outbox
                   (company_id, kind, item_id, res_id, state, created_at, next_try, attempts) VALUES %s""",
            [(*target, "pending", now, now, 0) for target in targets],
        )
        self.invalidate_model()
        self._wake()

    @api.model
    def _wake(self, at=None):
        """Have the scheduled action run: as soon as this is committed, or at a later time."""
        cron = self.env.ref("odoo_ai.ir_cron_deliver", raise_if_not_found=False)
        if not cron:
            return
        if at:
            planned = [("cron_id", "=", cron.id), ("call_at", ">", fields.Datetime.now()), ("call_at", "<=", at)]
            if self.env["ir.cron.trigger"].sudo().search_count(planned, limit=1):
                return
        cron.sudo()._trigger(at=at)

    @api.model
    def _open_rows(self, company, kind=None, states=("pending",)):
        domain = [("company_id", "=", company.id), ("state", "in", states)]
        return self.search(domain + ([("kind", "=", kind)] if kind else []), order="id")

    @api.model
    def _settle_older(self, company, kind, item_ids, newest):
        """What an older row of these items was refused for no longer matters: the newest state is at the assistant."""
        if item_ids:
            self.search(
                [
                    ("company_id", "=", company.id),
                    ("kind", "=", kind),
                    ("item_id", "in", list(item_ids)),
                    ("state", "in", ("dead", "pending")),
                    ("id", "<=", newest),
                ]
            )._mark_sent()

    def _mark_sent(self):
        self.write({"state": "sent", "sent_at": fields.Datetime.now(), "error": False})

    def _mark_dead(self, reason):
        self.write({"state": "dead", "error": reason})

    def _mark_failed(self, reason, retry_at):
        for row in self:
            row.write({"attempts": row.attempts + 1, "next_try": retry_at, "error": reason})

    def action_retry(self):
        self._check_manager()
        rows = self.sudo().filtered(lambda row: row.state in ("dead", "dropped", "pending"))
        rows.write({"state": "pending", "attempts": 0, "next_try": fields.Datetime.now()})
        self.env["odoo.ai.connection"].sudo().search([("company_id", "in", rows.company_id.ids)])._forget_pause()
        self.sudo()._wake()

    def action_drop(self):
        self._check_manager()
        self.sudo().filtered(lambda row: row.state in ("dead", "pending")).write({"state": "dropped"})

    def _check_manager(self):
        self.check_access("read")
        if not self.env.user.has_group("odoo_ai.group_odoo_ai_manager"):
            raise UserError(self.env._("Only a manager of the assistant may change the queue."))

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
    def _cron_deliver(self):
        """Send what waits, company by company. Never raises: an action that fails too often is switched off by Odoo."""
        for connection in self.env["odoo.ai.connection"].search([("is_ready", "=", True), ("deliver", "=", True)]):
            connection._deliver_safely()

    @api.autovacuum
    def _gc_settled(self):
        before = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        self.search([("state", "in", ("sent", "dropped")), ("created_at", "<", before)], limit=10_000).unlink()
