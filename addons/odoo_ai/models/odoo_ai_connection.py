from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..gateway import Gateway, clean_url, origin


class OdooAiConnection(models.Model):
    """Where a company's assistant is, and how its synchronisation fares. One per company."""

    _name = "odoo.ai.connection"
    _description = "Connection to the assistant"
    _inherit = ["odoo.ai.delivery", "odoo.ai.full.sync", "odoo.ai.connection.check"]
    _rec_name = "company_id"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="cascade", default=lambda self: self.env.company
    )
    url = fields.Char(string="Address of the gateway", help="E.g. https://assistant.example.com")
    new_key = fields.Char(
        string="Key",
        compute="_compute_new_key",
        inverse="_inverse_new_key",
        groups="base.group_system",
        help="Made with “odoo-ai key create”. It is stored out of reach of all users and never shown again.",
    )
    key_hint = fields.Char(string="Stored key", readonly=True, copy=False)
    deliver = fields.Boolean(
        string="Send changes automatically", default=True, help="Off: changes wait in the queue until it is on again."
    )
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        string="Language of the knowledge",
        default=lambda self: self.env.company.partner_id.lang or self.env.lang,
        help="In which language translated texts, such as product names, are sent.",
    )
    is_ready = fields.Boolean(readonly=True, copy=False)
    failures = fields.Integer(readonly=True, string="Failures in a row")
    retry_at = fields.Datetime(readonly=True, string="Next attempt")
    last_error = fields.Char(readonly=True)
    last_error_at = fields.Datetime(readonly=True)

    health = fields.Selection(
        [("off", "Not connected"), ("ok", "Working"), ("waiting", "Sending"), ("failing", "Failing"), ("paused", "Off")],
        compute="_compute_health",
        compute_sudo=True,
    )
    last_delivery_at = fields.Datetime(string="Last delivery", compute="_compute_health", compute_sudo=True)
    waiting = fields.Integer(string="Waiting changes", compute="_compute_health", compute_sudo=True)
    oldest_waiting_at = fields.Datetime(string="Oldest one", compute="_compute_health", compute_sudo=True)
    refused = fields.Integer(string="Refused changes", compute="_compute_health", compute_sudo=True)
    synced_items = fields.Integer(string="Items at the assistant", compute="_compute_health", compute_sudo=True)
    is_cron_active = fields.Boolean(string="Scheduled action runs", compute="_compute_health", compute_sudo=True)

    def init(self):
        self.env.cr.execute(
            "CREATE UNIQUE INDEX IF NOT EXISTS odoo_ai_connection_company ON odoo_ai_connection (company_id)"
        )

    @api.constrains("url")
    def _check_url(self):
        for connection in self.filtered("url"):
            try:
                clean_url(connection.url)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "“%s” is not an address of a gateway. It begins with https:// or http://, "
                        "and has neither a user nor parameters.",
                        connection.url,
                    )
                ) from error

    def _compute_new_key(self):
        self.new_key = False

    def _inverse_new_key(self):
        for connection in self.filtered("new_key"):
            connection._store_key(connection.new_key.strip())

    def _compute_health(self):
        cron = self.env.ref("odoo_ai.ir_cron_deliver", raise_if_not_found=False)
        outbox, items = self.env["odoo.ai.outbox"], self.env["odoo.ai.item"]
        for connection in self:
            mine = [("company_id", "=", connection.company_id.id)]
            sent = outbox.search(mine + [("state", "=", "sent")], order="sent_at desc", limit=1)
            last = items.search(mine + [("state", "=", "synced")], order="synced_at desc", limit=1)
            pending = mine + [("state", "=", "pending")]
            connection.last_delivery_at = max(filter(None, (sent.sent_at, last.synced_at)), default=False)
            connection.waiting = outbox.search_count(pending)
            connection.oldest_waiting_at = outbox.search(pending, order="id", limit=1).created_at
            connection.refused = outbox.search_count(mine + [("state", "=", "dead")])
            connection.synced_items = items.search_count(mine + [("state", "=", "synced")])
            connection.is_cron_active = cron.active
            connection.health = connection._health()

    def _health(self):
        if not self.is_ready:
            return "off"
        if not self.deliver:
            return "paused"
        if self.failures:
            return "failing"
        return "waiting" if self.waiting else "ok"

    # The key

    @api.model_create_multi
    def create(self, vals_list):
        connections = super().create([self._with_clean_url(vals) for vals in vals_list])
        connections._refresh_readiness()
        return connections

    def write(self, vals):
        vals = self._with_clean_url(vals)
        moved = self.filtered(lambda each: "url" in vals and origin(each.url) != origin(vals["url"]))
        if moved and not vals.get("new_key"):
            # Otherwise whoever may change the address could have the key sent to a place of their own.
            moved._forget_key()
        result = super().write(vals)
        if "url" in vals:
            self._refresh_readiness()
            self._forget_pause()
        return result

    @api.model
    def _with_clean_url(self, vals):
        try:
            return {**vals, "url": clean_url(vals["url"])} if vals.get("url") else vals
        except ValueError:
            return vals  # the constraint names what is wrong

    def _store_key(self, key):
        self.ensure_one()
        if not self.env.su and not self.env.user.has_group("base.group_system"):
            raise AccessError(self.env._("Only an administrator may set the key."))
        others = self.env["odoo.ai.credential"].sudo().search([("company_id", "!=", self.company_id.id)])
        if key in others.mapped("api_key"):
            raise ValidationError(
                self.env._("Another company uses this key. Each company needs its own, or they would delete each other's knowledge.")
            )
        self._forget_key()
        self.env["odoo.ai.credential"].sudo().create({"company_id": self.company_id.id, "api_key": key})
        # The id of a key is no secret: with it the key is found in `odoo-ai key list`.
        hint = "_".join(key.split("_")[:2]) if key.startswith("oai_") else key[:4]
        self.sudo().write({"key_hint": f"{hint}_…"})
        self._refresh_readiness()
        self._forget_pause()

    def _forget_key(self):
        self.env["odoo.ai.credential"].sudo().search([("company_id", "in", self.company_id.ids)]).unlink()
        self.sudo().write({"key_hint": False, "is_ready": False})

    def _refresh_readiness(self):
        credentials = self.env["odoo.ai.credential"].sudo().search([("company_id", "in", self.company_id.ids)])
        for connection in self.sudo():
            ready = bool(connection.url) and connection.company_id in credentials.company_id
            if connection.is_ready != ready:
                connection.is_ready = ready

    def _forget_pause(self):
        """Try again now: what stood in the way may be gone."""
        self.sudo().filtered("retry_at").write({"retry_at": False})
        now, outbox = fields.Datetime.now(), self.env["odoo.ai.outbox"].sudo()
        paused = [("company_id", "in", self.company_id.ids), ("state", "=", "pending"), ("next_try", ">", now)]
        outbox.search(paused).write({"next_try": now})
        outbox._wake()

    def _gateway(self):
        """The API with this company's key.

        Raises:
            UserError: there is no address or key.
        """
        self.ensure_one()
        credential = self.env["odoo.ai.credential"].sudo().search([("company_id", "=", self.company_id.id)], limit=1)
        if not (self.url and credential):
            raise UserError(
                self.env._("%s is not connected yet: set address and key in the settings.", self.company_id.name)
            )
        return Gateway(self.sudo().url, credential.api_key)

    # Buttons

    def action_forget_key(self):
        self.check_access("write")
        self._forget_key()

    def action_synchronise(self):
        """Send everything now and show what became of it."""
        self.ensure_one()
        self._check_manager()
        connection = self.sudo()
        connection._gateway()
        return self.env["odoo.ai.sync.result"]._show(connection, connection._synchronise())

    def action_test(self):
        """Try address, key, rights and a round trip, and show what works."""
        self.ensure_one()
        self._check_manager()
        return self.env["odoo.ai.check"]._show(self.sudo(), self.sudo()._check())

    def action_deliver_now(self):
        """Do not wait for the next attempt."""
        self._check_manager()
        self._forget_pause()

    def action_retry_refused(self):
        self._check_manager()
        outbox = self.env["odoo.ai.outbox"]
        outbox.search([("company_id", "in", self.company_id.ids), ("state", "=", "dead")]).action_retry()

    @api.model
    def action_open_mine(self):
        """The connection of the current company."""
        connection = self.env.company._odoo_ai_make_connection()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Connection"),
            "res_model": self._name,
            "res_id": connection.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    @api.model
    def action_synchronise_mine(self):
        """Synchronise the current company."""
        return self.browse(self.env.company._odoo_ai_make_connection().id).action_synchronise()

    def _check_manager(self):
        self.check_access("read")
        if not self.env.user.has_group("odoo_ai.group_odoo_ai_manager"):
            raise AccessError(self.env._("Only a manager of the assistant may do this."))
