from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .odoo_ai_source import clock


class OdooAiProfile(models.Model):
    """What the assistant knows of a company itself, and how it speaks."""

    _name = "odoo.ai.profile"
    _description = "Company profile of the assistant"
    _inherit = ["odoo.ai.source", "mail.thread"]

    _odoo_ai_kind = "company"

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    name = fields.Char(required=True, default=lambda self: self.env.company.name)
    description = fields.Text()
    address = fields.Char(default=lambda self: self._default_address())
    phone = fields.Char(default=lambda self: self.env.company.phone)
    email = fields.Char(default=lambda self: self.env.company.email)
    greeting = fields.Text(help="How the assistant greets.")
    sign_off = fields.Text(help="How the assistant says good-bye.")
    style = fields.Text(help="How the assistant speaks, e.g. “friendly, short sentences, no emoji”.")
    window_ids = fields.One2many("odoo.ai.window", "profile_id", string="Opening hours", copy=True)
    holiday_ids = fields.One2many("odoo.ai.holiday", "profile_id", string="Holidays", copy=True)
    link_ids = fields.One2many("odoo.ai.link", "profile_id", string="Links", copy=True)
    visible = fields.Boolean(string="Visible to the assistant", default=True)
    active = fields.Boolean(default=True)

    @api.model
    def _default_address(self):
        partner = self.env.company.partner_id
        parts = (partner.street, partner.street2, partner.zip, partner.city, partner.state_id.name)
        return ", ".join(filter(None, parts))

    def init(self):
        self.env.cr.execute(
            "CREATE UNIQUE INDEX IF NOT EXISTS odoo_ai_profile_company ON odoo_ai_profile (company_id)"
        )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            company = self.env["res.company"].browse(vals.get("company_id") or self.env.company.id)
            if self.sudo().with_context(active_test=False).search_count([("company_id", "=", company.id)], limit=1):
                raise ValidationError(self.env._("%s already has a profile.", company.name))
        return super().create(vals_list)

    @api.model
    def _odoo_ai_fields(self):
        return {
            "name",
            "description",
            "address",
            "phone",
            "email",
            "greeting",
            "sign_off",
            "style",
            "window_ids",
            "holiday_ids",
            "link_ids",
            "visible",
            "active",
            "company_id",
        }

    def _odoo_ai_item_id(self):
        return "main"

    def _odoo_ai_item(self):
        self.ensure_one()
        texts = ("name", "description", "address", "phone", "email", "greeting", "sign_off", "style")
        return {
            "id": self._odoo_ai_item_id(),
            **{each: self._odoo_ai_text(self[each]) for each in texts},
            "hours": self.window_ids._odoo_ai_windows(),
            "holidays": [holiday._odoo_ai_holiday() for holiday in self.holiday_ids],
            "links": [{"title": link.name, "url": link.url} for link in self.link_ids],
        }

    @api.model
    def action_open_mine(self):
        """The profile of the current company, made if there is none."""
        mine = self.with_context(active_test=False).search([("company_id", "=", self.env.company.id)], limit=1)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Company profile"),
            "res_model": self._name,
            "res_id": mine.id or False,
            "view_mode": "form",
            "views": [(False, "form")],
        }


class OdooAiProfilePart(models.AbstractModel):
    """A line of a profile: its change is one of the profile."""

    _name = "odoo.ai.profile.part"
    _description = "Part of a company profile"

    profile_id = fields.Many2one("odoo.ai.profile", required=True, index=True, ondelete="cascade")

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts.profile_id._odoo_ai_changed()
        return parts

    def write(self, vals):
        self.profile_id._odoo_ai_changed()
        return super().write(vals)

    def unlink(self):
        self.profile_id._odoo_ai_changed()
        return super().unlink()


class OdooAiHoliday(models.Model):
    """A day with other hours; without hours the company is closed."""

    _name = "odoo.ai.holiday"
    _description = "Holiday"
    _inherit = "odoo.ai.profile.part"
    _order = "day"

    day = fields.Date(required=True)
    name = fields.Char()
    is_open = fields.Boolean(string="Open")
    opens = fields.Float(string="From", default=9.0)
    closes = fields.Float(string="To", default=13.0)

    @api.constrains("is_open", "opens", "closes")
    def _check_times(self):
        for holiday in self:
            if holiday.is_open and not 0 <= holiday.opens < holiday.closes <= 24:
                raise ValidationError(self.env._("Hours must lie between 0:00 and 24:00, and end after they begin."))

    def _odoo_ai_holiday(self):
        self.ensure_one()
        hours = {"opens": clock(self.opens), "closes": clock(self.closes)} if self.is_open else {}
        return {"day": self.day.isoformat(), "name": self.name or "", **hours}


class OdooAiLink(models.Model):
    """A link the assistant may give."""

    _name = "odoo.ai.link"
    _description = "Link"
    _inherit = "odoo.ai.profile.part"
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    name = fields.Char(string="Title", required=True)
    url = fields.Char(string="Address", required=True)

    @api.constrains("url")
    def _check_url(self):
        for link in self:
            if urlsplit(link.url).scheme not in ("http", "https"):
                raise ValidationError(self.env._("“%s” must begin with http:// or https://.", link.url))
