"""What a shop does, sells along with its goods, or is found on: one name for each in our languages.

A reply that speaks of one of these needs a text that speaks of it as well, whatever the rest of its words.
"""

from __future__ import annotations

import re
from typing import Final

_TOLD: Final = {
    "other shop": r"outras? lojas?|filia(?:l|is)|matriz|outra unidade|(?:an)?other (?:store|branch|shop)s?|"
    r"otras? (?:tiendas?|sucursal(?:es)?)",
    "parking": r"estacionamento|estacionamiento|parking|manobrista|valet",
    "wi-fi": r"wi-?fi",
    "assembly": r"montagem|montamos|instalacao|instalamos|installation|assembly|instalacion|install",
    "packaging": r"embalage(?:m|ns)|packaging|empaques?",
    "gift wrap": r"embrulh\w*|gift[- ]?wrap\w*|papel de presente|envoltura",
    "abroad": r"exterior|internacional\w*|outros paises|abroad|overseas|worldwide|internationally?|otros paises",
    "delivery": r"fretes?|entrega\w*|envi[oa]s?|enviamos|shipping|deliver\w*|motoboy|motoqueiro|correios|domicilio",
    "courier": r"motoboy|motoqueiro|courier",
    "same day": r"(?:no|el|o) mesmo dia|mismo dia|same[- ]day|ainda hoje|hoje mesmo",
    "pick-up": r"retir\w+|pick(?:ed|ing)?[- ]?up|buscar",
    "reservation": r"reservas?|reservations?|bookings?",
    "exchange": r"troc(?:a|as|ar|amos|ado)|exchange\w*|cambi(?:o|os|ar|amos)",
    "refund": r"reembols\w+|estorn\w+|refund\w*|devolv(?:emos|eremos) (?:o|os|seu|r\$|\d|su|el|los)",
    "warranty of the shop": r"garantias? (?:\w+ )?da (?:nossa )?loja|(?:store|shop)(?:'s)? warranty|"
    r"garantia de la tienda",
    "warranty of the maker": r"garantias? (?:\w+ )?(?:d[eo] fabricante|de fabrica)|manufacturer(?:'s)? warranty|"
    r"garantia del? (?:fabricante|fabrica)",
    "all hours": r"24 ?h(?:oras)?(?: por dia| al dia)?(?= |$|[.,!])|24/7|around the clock|dia e noite|toda hora|"
    r"(?:a|em) qualquer (?:hora|horario)(?! (?:entre|das?|de|dentro))|a cualquier hora|at any (?:time|hour)",
    "warranty": r"garantias?|warrant\w+|guarantee",
    "return": r"devoluc\w+|devol(?:ver|vem|vemos|va|vido|vida|vidos|vidas)|returns?|returned|returning|devuelv\w+",
    "instalment": r"parcelas?|prestac\w+|cuotas?|instal+ments?",
    "discount": r"descontos?|descuentos?|discounts?",
    "credit": r"(?<!cartao )(?<!cartoes )(?<!tarjeta )(?<!tarjetas )(?:em|de|como|o|um)"
    r" creditos?(?! (?:a vista|em \d))|"
    r"store credit|cashback",
    "enrolment": r"matriculas?|enrol(?:l?ed|ment|ling)?|inscric\w+|inscripcion\w*",
    "deposit": r"sinal|deposits?|anticipo",
    "class": r"aulas?|classes|class|lessons?|clases?",
    "exam": r"exames?|eye exams?|examen(?:es)?",
    "plan": r"planos?|plans?|planes",
    "service check": r"revis(?:ao|oes)|service checks?|revision(?:es)?",
    "workshop": r"oficinas?|workshops?|taller(?:es)?",
    "coupon": r"cup(?:om|ons)|coupons?|cupon(?:es)?",
    "bath": r"banhos?|tosas?|grooming",
}
_PLATFORMS: Final = (
    "tiktok", "facebook", "instagram", "youtube", "telegram", "twitter", "linkedin", "pinterest", "shopee", "ifood",
    "amazon", "rappi",
)  # fmt: skip
_READ: Final = {
    "return": r"devol\w+|return\w*|devuel\w+",
    "instalment": r"parcel\w*|prestac\w*|cuotas?|instal\w*|\d+ ?x|vezes|meses sin",
    "discount": r"descont\w*|descuent\w*|discount\w*|off|ofertas?|promo\w*|leve \d",
    "credit": r"creditos?|credit|cashback|de volta",
    "class": r"aulas?|class\w*|lessons?|clases?|turmas?",
    "coupon": r"cup\w+|coupons?|codigos?|codes?",
}
"""What a text may call it when it is not what the reply calls it."""


def _patterns(name: str, told: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    return re.compile(rf"\b(?:{told})\b"), re.compile(rf"\b(?:{_READ.get(name, told)})\b")


THINGS: Final = {name: _patterns(name, told) for name, told in (_TOLD | {each: each for each in _PLATFORMS}).items()}
"""By name: how a reply tells it, and how a text has it."""
