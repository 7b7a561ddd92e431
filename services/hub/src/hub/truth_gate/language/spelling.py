"""One way to write what chats write in many: "vc", "hj", "c/ desconto", "sem nenhum juros", "superiores a R$ 100"."""

from __future__ import annotations

import re
from typing import Final

_SHORT: Final = {
    "vc": "você", "vcs": "vocês", "q": "que", "tbm": "também", "tb": "também", "tmb": "también", "hj": "hoje",
    "ñ": "não", "n": "não", "p/": "para", "c/": "com", "s/": "sem", "td": "tudo", "tô": "estou", "pro": "para o",
    "pros": "para os", "tá": "está", "tão": "estão",
}  # fmt: skip
_SHORTENED: Final = re.compile(
    r"(?<![\w/])(?:(?P<word>vcs?|q|tbm|tb|tmb|hj|ñ|td|tô|pros?)(?![\w/.-])|(?P<with>[pcs]/)(?= [^\W\d_]{2})|"
    r"(?P<not>n)(?= [a-zà-ÿ]{2,})|(?P<is>tá)(?= (?!bom\b|bem\b|ok\b|certo\b|joia\b)[a-zà-ÿ])|"
    r"(?P<are>tão)(?= (?:dispon|esgot|em|no|na|por|sem|com)))"
)
_NO_INTEREST: Final = re.compile(
    r"(?i)\b(?:sem (?:(?:nenhum|qualquer|cobrança de) )?(?:juros|acréscimo)(?: nenhum| algum)?|livres? de juros|"
    r"sem pagar juros)\b"
)
_SOLD_FOR: Final = re.compile(
    r"(?i)\b(?:é|são|está sendo|estão sendo|es|son) (?:vendid[oa]s?|comercializad[oa]s?|ofertad[oa]s?) (?:por|a|"
    r"pelo preço de) (?=R?\$)|"
    r"\bse venden? (?:a|por|en) (?=R?\$)"
)
_FROM_ON: Final = re.compile(
    r"(?i)\b(?:(?:de|no|com|em) valor(?:es)? )?(?:igua(?:l|is) ou )(?:superior(?:es)?|maior(?:es)?) (?:a|"
    r"que) (?=R?\$|\d)"
)
_ABOVE: Final = re.compile(
    r"(?i)\b(?:(?:de|no|com|em) valor(?:es)? )?(?:superior(?:es)? a|maior(?:es)? (?:do )?que) (?=R\$)"
)


def spelled_out(text: str) -> str:
    """The text with short forms written out, and one phrase for those that say the same of a value."""
    text = _SHORTENED.sub(lambda match: _SHORT[match.group().lower()], text)
    if "juros" in text or "acréscimo" in text:
        text = _NO_INTEREST.sub("sem juros", text)
    if "$" in text:
        text = _SOLD_FOR.sub("custa ", text)
    if "ior" in text:
        text = _ABOVE.sub("acima de ", _FROM_ON.sub("a partir de ", text))
    return text
