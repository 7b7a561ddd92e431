"""The built-in responder: answers without a model, from the owner's words and what Odoo says now. It never guesses."""

from hub.responder.ports import CustomerCare, LiveReads
from hub.responder.responder import BuiltInResponder

__all__ = ["BuiltInResponder", "CustomerCare", "LiveReads"]
