"""One way to write what chats write in many: "vc", "hj", "c/ desconto", "sem nenhum juros", "superiores a R$ 100"."""

from __future__ import annotations

import re
from typing import Final

from hub.retrieval.words import portuguese_words

_SHORT: Final = {
    "vc": "você", "vcs": "vocês", "q": "que", "tbm": "também", "tb": "também", "tmb": "también", "hj": "hoje",
    "ñ": "não", "n": "não", "p/": "para", "c/": "com", "s/": "sem", "td": "tudo", "tô": "estou", "pro": "para o",
    "pros": "para os", "tá": "está", "tão": "estão",
}  # fmt: skip
_SHORTENED: Final = re.compile(
    r"(?<![\w/])(?:(?P<word>vcs?|q|tbm|tb|tmb|hj|ñ|td|tô|pros?)(?![\w/-]|\.\w)|(?P<with>[pcs]/)(?= [^\W\d_]{2})|"
    r"(?P<not>n)(?= [a-zà-ÿ]{2,})|(?P<is>tá)(?= (?!bom\b|bem\b|ok\b|certo\b|joia\b)[a-zà-ÿ])|"
    r"(?P<are>tão)(?= (?:dispon|esgot|em|no|na|por|sem|com)))"
)
_NO_INTEREST: Final = re.compile(
    r"(?i)\b(?:sem (?:(?:nenhum|qualquer|cobrança de) )?(?:juros|acréscimo)(?: nenhum| algum)?|livres? de juros|"
    r"sem pagar juros)\b"
)
_SOLD_FOR: Final = re.compile(
    r"(?i)\b(?:é|são|está sendo|estão sendo|es|son) (?:vendid[oa]s?|comercializad[oa]s?|ofertad[oa]s?) (?:por|a|"
    r"pelo preço de) (?=(?:R|US?)?\$)|"
    r"\bse venden? (?:a|por|en) (?=(?:R|US?)?\$)"
)
_FROM_ON: Final = re.compile(
    r"(?i)\b(?:(?:de|no|com|em) valor(?:es)? )?(?:igua(?:l|is) ou )(?:superior(?:es)?|maior(?:es)?) (?:a|"
    r"que) (?=R?\$|\d)"
)
_ABOVE: Final = re.compile(
    r"(?i)\b(?:(?:de|no|com|em) valor(?:es)? )?(?:superior(?:es)? a|maior(?:es)? (?:do )?que) (?=R\$)"
)


_YOU: Final = re.compile(r"\b(?:[Oo] senhor|[Aa] senhora)\b(?! [A-ZÀ-Ý])")
_FROM_TO: Final = re.compile(r"\b(\d{1,2}) horas( (?:às|as|e|a|até(?: às| as)?) | ?[–-] ?)(\d{1,2}) horas\b")
_PAYMENT_BY: Final = re.compile(
    r"(?i)\b(?:para|em|nos?|com) pagamentos? (?=(?:no|via|com|em|por) (?:pix|cart|boleto|dinheiro|débito|crédito))"
)
_COMPANY_DOES: Final = re.compile(
    r"(?i)\b(?:a gente|(?:a |nossa )loja(?= (?:[a-zà-ÿ]+ )?(?!est|fic|abr|fech|func)[a-z]{3,}[ae]\b))"
    r"(?P<how>(?: (?:não|também|só|já|ainda|sempre|nunca))*) (?P<verb>[a-zà-ÿ]{2,})(?![\wà-ÿ-])"
)
_IRREGULAR: Final = {
    "tem": "temos", "faz": "fazemos", "dá": "damos", "vai": "vamos", "é": "somos", "está": "estamos",
    "traz": "trazemos",
}  # fmt: skip


def _we_do(match: re.Match[str]) -> str:
    """What "a gente aceita" and "a loja aceita" say: "aceitamos"."""
    verb = match["verb"].lower()
    we = _IRREGULAR.get(verb, "")
    for ending, kind in (("a", "a"), ("e", "e"), ("e", "i")):
        known = verb.endswith(ending) and f"{verb[:-1]}{kind}r" in portuguese_words()
        we = we or (f"{verb[:-1]}{kind}mos" if known else "")
    said = f"{match['how'].strip()} {we}".strip()
    return (said[0].upper() + said[1:] if match.group()[0].isupper() else said) if we else match.group()


def spelled_out(text: str) -> str:
    """The text with short forms written out, and one phrase for those that say the same of a value."""
    text = _SHORTENED.sub(lambda match: _SHORT[match.group().lower()], text)
    if "senhor" in text:
        text = _YOU.sub(lambda match: "Você" if match.group()[0].isupper() else "você", text)
    if "horas" in text:
        text = _FROM_TO.sub(r"\1h\2\3h", text)
    if "gente" in text or "loja" in text:
        text = _COMPANY_DOES.sub(_we_do, text)
    if "juros" in text or "acréscimo" in text:
        text = _NO_INTEREST.sub("sem juros", text)
    if "pagamento" in text:
        text = _PAYMENT_BY.sub("", text)
    if "$" in text:
        text = _SOLD_FOR.sub("custa ", text)
    if "ior" in text:
        text = _ABOVE.sub("acima de ", _FROM_ON.sub("a partir de ", text))
    return text
