"""Every method that can be called: those of single models stand in modules that need `methods` themselves."""

from __future__ import annotations

from simulator.odoo.loading import load, portal_url
from simulator.odoo.mailing import send_mail
from simulator.odoo.methods import Call, Method, add_method, execute, method_of
from simulator.odoo.nested import web_search_read
from simulator.odoo.quoting import onchange

__all__ = ["Call", "execute", "method_of"]

add_method("load", Method(load, ("fields", "data"), ("fields", "data"), on_records=False))
add_method(
    "web_search_read",
    Method(
        web_search_read,
        ("domain", "specification", "offset", "limit", "order"),
        ("domain", "specification"),
        on_records=False,
    ),
)
add_method(
    "onchange",
    Method(onchange, ("values", "field_names", "fields_spec"), ("values", "field_names", "fields_spec")),
    model="sale.order",
)
add_method(
    "send_mail",
    Method(send_mail, ("res_id", "force_send", "raise_exception", "email_values", "email_layout_xmlid"), ("res_id",)),
    model="mail.template",
)
add_method("get_portal_url", Method(portal_url), model="sale.order")
