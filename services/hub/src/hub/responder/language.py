"""Portuguese, Spanish or English: by greetings, function words and letters; a conversation keeps its language."""

from __future__ import annotations

import re
from functools import cache
from typing import Final, get_args

from common.tenants import Locale
from hub.truth_gate.language.reading import fold, normalise

_WORDS: Final[dict[Locale, str]] = {
    "pt-BR": """oi ola bom boa dia tarde noite voce voces vc vcs tem nao sim obrigado obrigada por favor quanto custa
        qual quais onde fica preco valor entrega frete troca horario aberto quero queria gostaria
        preciso comprar meu minha com uma um para pra pro ta esta estou sao tambem muito isso essa esse
        quando ja loja produto tamanho cor azul falar atendente pedido chegou ainda do da no na dos das
        ao mais eu e o ou aceita cartao pix boleto fazem fechado funciona ate feriado domingo sabado
        segunda terca quarta quinta sexta tudo bem valeu tchau eh td vlw pq qto""",
    "es": """hola buenos buenas dias tardes noches usted ustedes tienen tiene no si gracias por favor cuanto cuesta
        cual donde esta precio envio cambio horario abierto quiero quisiera necesito comprar mi con una
        un para los las el la del al y muy tambien eso esa ese cuando ya tienda producto talla hablar
        persona pedido llego todavia pero yo o hay abren cierran pueden puedo hasta manana lunes martes
        miercoles jueves viernes sabado adios como estan hacen aceptan envios envian venden abierto
        abiertos cerrado retirar devolver tarjeta efectivo vale que en su mas algun alguna""",
    "en": """hi hello hey good morning afternoon evening you your do does have has not yes thanks thank please how
        much which where is are price shipping delivery return returns exchange hours open want need buy
        my with the for to and or also very this that when store shop product size color colour blue
        talk speak person human order arrived still on in of at it what i can could would get much cost
        costs until closed monday tuesday wednesday thursday friday saturday sunday bye any there accept
        card cash ship refund sell looking came arrived broken wrong something anything like don dont cant is my our us
        any some money back come who why long before after ordered bought received isn didn doesn tell show need""",
}
_LETTERS: Final[dict[Locale, str]] = {"pt-BR": "ãõçâêô", "es": "ñ¿¡", "en": ""}
# Words nobody takes for one of another of our languages: one of them says as much as two others.
_TELLING: Final = frozenset(
    {"hola", "tienen", "tiene", "hacen", "quiero", "quisiera", "cuanto", "cuesta", "donde", "ustedes", "abren"}
    | {"cierran", "hablar", "necesito", "puedo", "gracias", "buenos", "buenas", "estan", "abiertos"}
    | {"hello", "hi", "what", "how", "have", "want", "would", "could", "your", "where", "please", "thanks", "need"}
    | {"voce", "voces", "vcs", "nao", "quanto", "onde", "obrigado", "obrigada", "entregam", "quero", "queria"}
)
_CLEAR: Final = 2.0
_TO_SWITCH: Final = 3.0


@cache
def _words() -> dict[Locale, frozenset[str]]:
    return {locale: frozenset(words.split()) for locale, words in _WORDS.items()}


def detect(text: str, current: Locale | None, default: Locale) -> Locale:
    """The language to answer in.

    A word shared by languages counts for each, so a short "ok" decides nothing. A conversation changes its language
    only for a text that clearly is in another one.
    """
    scores = _scores(text)
    kept = current or default
    best = max(scores, key=lambda locale: (scores[locale], locale == kept))
    lead = scores[best] - scores[kept]
    needed = _TO_SWITCH if current else min(_CLEAR, _all_words(text))
    return best if best != kept and lead >= needed else kept


def _all_words(text: str) -> float:
    """How many words there are: at the start a one-word greeting is clear enough."""
    return float(max(1, len(re.findall(r"[^\W\d_]+", text))))


def _scores(text: str) -> dict[Locale, float]:
    lowered = normalise(text).lower()
    found = re.findall(r"[a-z]+", fold(lowered))
    locales: tuple[Locale, ...] = get_args(Locale)
    return {
        locale: sum(_weight(word, locale) for word in found) + sum(lowered.count(c) for c in _LETTERS[locale])
        for locale in locales
    }


def _weight(word: str, locale: Locale) -> float:
    known = _words()
    if word not in known[locale]:
        return 0.0
    return (2.0 if word in _TELLING else 1.0) / sum(word in words for words in known.values())
