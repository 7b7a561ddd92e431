from odoo import api, fields, models

STATES = [
    ("off", "Not connected"),
    ("hidden", "Not for the assistant"),
    ("unsent", "Never sent"),
    ("waiting", "Waiting"),
    ("synced", "Synchronised"),
    ("rejected", "Rejected"),
]


class OdooAiSource(models.AbstractModel):
    """A record that the assistant may know. Its changes go to the outbox, its state comes from there."""

    _name = "odoo.ai.source"
    _description = "Source of the assistant's knowledge"

    _odoo_ai_kind = None
    """The kind of its items in the API."""

    odoo_ai_state = fields.Selection(STATES, string="Assistant", compute="_compute_odoo_ai_state", compute_sudo=True)
    odoo_ai_synced_at = fields.Datetime(
        string="Synchronised at", compute="_compute_odoo_ai_state", compute_sudo=True
    )
    odoo_ai_error = fields.Text(string="Reason", compute="_compute_odoo_ai_state", compute_sudo=True)

    # What a model says of itself

    @api.model
    def _odoo_ai_fields(self):
        """Names of the fields whose change the assistant must hear of."""
        return set()

    def _odoo_ai_is_visible(self):
        """Whether the assistant may know this record."""
        self.ensure_one()
        return self.active and self.visible

    def _odoo_ai_item(self):
        """The record as an item of the API."""
        raise NotImplementedError

    @api.model
    def _odoo_ai_domain(self, company):
        """Where the records that a company's assistant may know are found."""
        return [("visible", "=", True), ("company_id", "in", (company.id, False))]

    def _odoo_ai_item_id(self):
        self.ensure_one()
        return str(self.id)

    # State

    @api.depends_context("company")
    def _compute_odoo_ai_state(self):
        states = self._odoo_ai_states(self.env.company)
        for record in self:
            state, synced_at, error = states.get(record.id) or ("unsent", False, False)
            record.odoo_ai_state = state
            record.odoo_ai_synced_at = synced_at
            record.odoo_ai_error = error

    def _odoo_ai_states(self, company):
        """By record id: state, time and reason, at the assistant of a company."""
        if not company._odoo_ai_connection().is_ready:
            return {record.id: ("off", False, False) for record in self}
        by_item = {record._odoo_ai_item_id(): record for record in self if record.id}
        domain = [
            ("company_id", "=", company.id),
            ("kind", "=", self._odoo_ai_kind),
            ("item_id", "in", list(by_item)),
        ]
        items = {item.item_id: item for item in self.env["odoo.ai.item"].sudo().search(domain)}
        open_rows = self.env["odoo.ai.outbox"].sudo().search(domain + [("state", "in", ("pending", "dead"))], order="id")
        rows = {row.item_id: row for row in open_rows}
        return {
            record.id: record._odoo_ai_state_of(items.get(item_id), rows.get(item_id), company)
            for item_id, record in by_item.items()
        }

    def _odoo_ai_state_of(self, item, row, company):
        synced_at = item.synced_at if item and item.state == "synced" else False
        if row and row.state == "pending":
            return "waiting", synced_at, row.error
        if row and row.state == "dead":
            return "rejected", synced_at, row.error
        if item:
            return item.state, synced_at, item.error
        known = self._odoo_ai_is_visible() and self._odoo_ai_belongs_to(company)
        return ("unsent" if known else "hidden"), False, False

    def _odoo_ai_belongs_to(self, company):
        self.ensure_one()
        return not self.company_id or self.company_id == company

    # Changes

    def _odoo_ai_identities(self):
        return [(record._odoo_ai_item_id(), record.id, record.company_id.id or 0) for record in self]

    def _odoo_ai_changed(self):
        """The assistant must hear of these records when the transaction commits."""
        if self:
            self.env["odoo.ai.outbox"]._collect(self._odoo_ai_kind, self.sudo()._odoo_ai_identities())

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._odoo_ai_changed()
        return records

    def write(self, vals):
        concerned = self._odoo_ai_concerned(vals)
        # Before and after: a record that moves to another company must leave the assistant of the first one.
        if concerned and "company_id" in vals:
            self._odoo_ai_changed()
        result = super().write(vals)
        if concerned:
            self._odoo_ai_changed()
        return result

    def unlink(self):
        self._odoo_ai_changed()
        return super().unlink()

    @api.model
    def _odoo_ai_concerned(self, vals):
        return not self._odoo_ai_fields().isdisjoint(vals)

    def update_field_translations(self, field_name, *args, **kwargs):
        if self._odoo_ai_concerned([field_name]):
            self._odoo_ai_changed()
        return super().update_field_translations(field_name, *args, **kwargs)

    # Reading for a delivery

    @api.model
    def _odoo_ai_reader(self, connection):
        """This model as the deliveries of a company read it: all rights, its language, only its own values."""
        company = connection.company_id
        context = {"lang": connection.lang or self.env.lang, "active_test": False}
        return self.sudo().with_company(company).with_context(allowed_company_ids=company.ids, **context)

    @api.model
    def _odoo_ai_all(self, connection):
        """All records that the assistant of a company may know."""
        domain = self._odoo_ai_domain(connection.company_id)
        return self._odoo_ai_reader(connection).with_context(active_test=True).search(domain, order="id")

    def _odoo_ai_text(self, value):
        """A text field as the API takes it: empty instead of False."""
        return (value or "").strip()


def clock(hours):
    """A float of hours as `HH:MM`. Midnight at the end of a day is its last minute: the API has no 24:00."""
    minutes = min(round(hours * 60), 24 * 60 - 1)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
