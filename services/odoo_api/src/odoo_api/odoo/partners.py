"""Who in Odoo may be writing, found by phone, e-mail or order number; and the proof of it, decided in here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from common.odoo_answers import IdentityVerdict, PartnerMatch, Partners
from odoo_api.odoo.client import OdooClient
from odoo_api.odoo.identity import Anchor, Candidate, document_of, email_of, read_claim, verify
from odoo_api.odoo.phones import same_phone, search_pattern, search_tail
from odoo_api.odoo.references import parse_reference
from odoo_api.odoo.values import Row, related_id, rows, text

_MOST_FOUND: Final = 40
_MOST_ORDERS: Final = 5
_PHONES: Final = ("phone", "mobile")
_DOCUMENTS: Final = ("vat", "cnpj_cpf")


async def find_partners(
    client: OdooClient, *, now: Callable[[], datetime], phone: str | None = None, email: str | None = None
) -> Partners:
    """Candidates, best first. A phone in Odoo without an area code does not count as the same.

    Raises:
        OdooError: Odoo could not be asked.
    """
    read_at = now()
    candidates = await _candidates(client, phone=phone, email=email, order_reference=None)
    ordered = sorted(candidates, key=lambda each: (-len(each.anchors), "phone" not in each.anchors, each.partner_id))
    return Partners(matches=tuple(_match(each) for each in ordered), read_at=read_at)


async def verify_identity(
    client: OdooClient, claim: str, *, phone: str | None, email: str | None, order_reference: str | None
) -> IdentityVerdict:
    """Whether the claim proves that the one who writes is one of the candidates.

    Raises:
        OdooError: Odoo could not be asked.
    """
    candidates = await _candidates(client, phone=phone, email=email, order_reference=order_reference)
    return verify(read_claim(claim), candidates)


def _match(candidate: Candidate) -> PartnerMatch:
    matched = [name for name in ("phone", "email") if name in candidate.anchors]
    return PartnerMatch.model_validate(
        {
            "partner_id": candidate.partner_id,
            "customer_id": candidate.customer_id,
            "matched_by": matched,
            "proofs": candidate.proofs,
        }
    )


async def _candidates(
    client: OdooClient, *, phone: str | None, email: str | None, order_reference: str | None
) -> list[Candidate]:
    known = await client.fields("partners", "res.partner")
    found: dict[int, tuple[Row, set[Anchor]]] = {}

    def add(rows_found: list[Row], anchor: Anchor) -> None:
        for row in rows_found:
            found.setdefault(int(row["id"]), (row, set()))[1].add(anchor)

    if phone:
        add(await _by_phone(client, phone, known), "phone")
    if email and "@" in email:
        domain = [["email_normalized", "=", email_of(email)]]
        add(await _read(client, domain, known), "email")
    if order_reference:
        add(await _by_order(client, order_reference, known), "order")
    return [_candidate(row, frozenset(anchors)) for row, anchors in found.values()]


async def _by_phone(client: OdooClient, phone: str, known: Mapping[str, Any]) -> list[Row]:
    tail = search_tail(phone)
    if tail is None:
        return []
    if "phone_mobile_search" in known:
        domain: list[Any] = [["phone_mobile_search", "ilike", tail]]
    else:
        columns = [each for each in _PHONES if each in known]
        domain = ["|"] * (len(columns) - 1) + [[each, "ilike", search_pattern(tail)] for each in columns]
    read = await _read(client, domain, known)
    return [row for row in read if any(same_phone(phone, text(row.get(each))) for each in _PHONES)]


async def _by_order(client: OdooClient, reference: str, known: Mapping[str, Any]) -> list[Row]:
    named = parse_reference(reference)
    if not named.typed:
        return []
    orders = rows(
        await client.call(
            "sale.order",
            "search_read",
            purpose="partners",
            domain=named.domain(),
            fields=["name", "client_order_ref", "partner_id"],
            limit=_MOST_FOUND,
        )
    )
    meant = [each for each in orders if named.means(text(each["name"]), text(each["client_order_ref"]))]
    owners = {related_id(each.get("partner_id")) for each in meant[:_MOST_ORDERS]}
    return await _read(client, [["id", "in", sorted(each for each in owners if each)]], known) if owners else []


async def _read(client: OdooClient, domain: list[Any], known: Mapping[str, Any]) -> list[Row]:
    fields = [each for each in known if each != "phone_mobile_search"]
    return rows(
        await client.call(
            "res.partner", "search_read", purpose="partners", domain=domain, fields=fields, limit=_MOST_FOUND
        )
    )


def _candidate(row: Row, anchors: frozenset[Anchor]) -> Candidate:
    document = next((document_of(text(row[each])) for each in _DOCUMENTS if row.get(each)), "")
    partner = int(row["id"])
    return Candidate(
        partner_id=partner,
        customer_id=related_id(row.get("commercial_partner_id")) or partner,
        anchors=anchors,
        document=document,
        email=email_of(text(row.get("email_normalized"))),
    )
