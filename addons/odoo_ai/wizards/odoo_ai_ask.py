from odoo import fields, models
from odoo.exceptions import UserError

from ..gateway import GatewayError

LONGEST_QUESTION = 4000
OUTCOMES = [
    ("answered", "Answered"),
    ("handed_off", "Handed over to a person"),
    ("left_to_person", "Left to a person"),
    ("ignored", "Ignored"),
]


class OdooAiAsk(models.TransientModel):
    """A question to the assistant as a customer would ask it. Nothing is sent to anybody."""

    _name = "odoo.ai.ask"
    _description = "Test the assistant"

    question = fields.Text(required=True)
    state = fields.Selection([("asking", "Asking"), ("answered", "Answered")], default="asking", readonly=True)
    answer = fields.Text(readonly=True)
    outcome = fields.Selection(OUTCOMES, readonly=True)
    reason = fields.Char(readonly=True)
    source_ids = fields.One2many("odoo.ai.ask.source", "ask_id", string="Sources", readonly=True)
    fact_ids = fields.One2many("odoo.ai.ask.fact", "ask_id", string="Facts read", readonly=True)
    verdict_ids = fields.One2many("odoo.ai.ask.verdict", "ask_id", string="Checks", readonly=True)

    def action_ask(self):
        self.ensure_one()
        question = (self.question or "").strip()
        if not question:
            raise UserError(self.env._("Write a question first."))
        if len(question) > LONGEST_QUESTION:
            raise UserError(self.env._("A question has at most %s characters.", LONGEST_QUESTION))
        connection = self.env.company._odoo_ai_make_connection()
        try:
            found = connection._gateway().ask({"question": question})
        except GatewayError as error:
            raise UserError(self.env._("The assistant cannot be asked now.\n%s", error.detail)) from error
        self.sudo().write(self._answered(question, found))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Test the assistant"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

    def _answered(self, question, found):
        return {
            "question": question,
            "state": "answered",
            "answer": found.get("answer") or "",
            "outcome": found["outcome"] if found.get("outcome") in dict(OUTCOMES) else False,
            "reason": found.get("reason") or "",
            "source_ids": _lines(found.get("sources"), ("kind", "title"), id="item_id"),
            "fact_ids": _lines(found.get("facts"), ("kind", "value", "subject", "source")),
            "verdict_ids": _lines(found.get("verdicts"), ("claim", "kind", "passed", "why")),
        }


class OdooAiAskSource(models.TransientModel):
    _name = "odoo.ai.ask.source"
    _description = "Source of an answer"

    ask_id = fields.Many2one("odoo.ai.ask", required=True, ondelete="cascade")
    kind = fields.Char(readonly=True)
    item_id = fields.Char(string="Identifier", readonly=True)
    title = fields.Char(readonly=True)


class OdooAiAskFact(models.TransientModel):
    _name = "odoo.ai.ask.fact"
    _description = "Fact read for an answer"

    ask_id = fields.Many2one("odoo.ai.ask", required=True, ondelete="cascade")
    kind = fields.Char(readonly=True)
    value = fields.Char(readonly=True)
    subject = fields.Char(string="About", readonly=True)
    source = fields.Char(string="Read from", readonly=True)


class OdooAiAskVerdict(models.TransientModel):
    _name = "odoo.ai.ask.verdict"
    _description = "Check of an answer"

    ask_id = fields.Many2one("odoo.ai.ask", required=True, ondelete="cascade")
    claim = fields.Char(readonly=True)
    kind = fields.Char(readonly=True)
    passed = fields.Boolean(string="True", readonly=True)
    why = fields.Char(string="Reason", readonly=True)


def _lines(found, names, **renamed):
    """Commands that replace the lines of an answer by what was found."""
    columns = {**{name: name for name in names}, **renamed}
    return [(5, 0, 0)] + [
        (0, 0, {column: each.get(name) or False for name, column in columns.items()}) for each in found or ()
    ]
