"""Whether a clause tells something of the company, its goods or what the customer may do, whatever its words are.

It has a verb of the third person or of "we", or a permission, and is none of the acts of speech that tell nothing.
"""

from __future__ import annotations

import re
from typing import Final

from hub.truth_gate.language.speech_acts import (
    CUSTOMER_DOES,
    TALKING,
    TEAM,
    TO_US,
    WHEN,
    advises,
    promises_by_itself,
    says_nothing_of_us,
)
from hub.truth_gate.language.word_shapes import is_form_of_verb

_AUXILIARY: Final = (
    r"(?:e|sao|foi|foram|ser|sera|fica|vai|vao|vamos|va|van|pode[m]?|podemos|podera[o]?|poderia[m]?|puede[ns]?|"
    r"consegue[m]?|conseguimos|deve[m]?|devemos|precisa[m]?|quer|querem|queremos|esta[o]?|estan|estamos|estava[m]?|"
    r"will|can|could|may|might|would|should|is|are|ja|ya|nao|no|not|tambem|tambien|also|so|solo|only|te|lhe|me|"
    r"le|se|a|"
    r"to|just|always|still|then|aqui|ainda|sempre|get|be|have|has|been|que|ter|tem|tiene|tienen|para|continuar|"
    r"gostaria(?:mos)? de)"
)
_MAIN_VERB: Final = re.compile(rf"(?:{_AUXILIARY} )*(?P<verb>[a-z]+)")
_TEAM_DOES: Final = re.compile(rf"{TALKING.pattern}|marca|agenda|appointment|carr(?:y|ies)$")
"""What people do for whom the assistant hands over to them."""
_IN_TOUCH: Final = re.compile(
    r"\b(?:entr\w+ em contato|(?:get|be) in (?:touch|contact)|get back to you|goes on|e[mn] contact\w+)\b"
)
_PERMITTED: Final = re.compile(
    r"\b(?:(?:pode[m]?|podera[o]?|consegue[m]?|(?:e|fica|seria) possivel|da[o]? (?:pra|para)|dara (?:pra|para)|"
    r"puede[ns]?|podra[ns]?|es posible) (?:(?:sim|si|tambem|tambien|ate|se|ser|sempre|te|lhe|ja|ya|so|solo|lo|la|los|"
    r"las) )*(?P<verb>[a-z]+[aei]r(?:l[oae]s?|se|te)?|por|[a-z]+[aei]d[oa]s?|ser)\b(?P<clitic>-(?:me|nos))?|"
    r"\b(?:you|they|it|one|customers|everyone|anyone) (?:can|may|could) (?:(?:also|always|even|be|just|still|"
    r"already) )*"
    r"(?P<en>[a-z]+)\b)"
)
_MAY_ALONE: Final = re.compile(r"\b(?:pode[m]?|puede[ns]?|(?:you|they|it) can)(?: s[ií]m?)?\W*$")
_VERBS: Final = {
    "pt-BR": frozenset(
        """é são está estão foi foram será serão era eram tem têm teve há vai vão pode podem deve devem fica ficam vem
        vêm dá dão faz fazem sai saem vale valem custa leva levam chega chegam traz cabe cabem existe existem serve
        servem somos temos damos vamos""".split()  # noqa: SIM905
    ),
    "es": frozenset(
        """es son está están fue fueron hay tiene tienen viene vienen sirve sirven dura duran llega llegan sale salen
        vale queda quedan alcanza cuesta va van puede pueden funciona combina hace hacen gusta gustan pasa
        somos""".split()  # noqa: SIM905
    ),
    "en": frozenset(
        """is are was were has have had will would does do did gives sells looks feels runs keeps loves love comes takes
        lasts fits works goes costs includes gets arrives makes it's they're there's we're that's""".split()  # noqa: SIM905
    ),
}
"""Forms that are verbs and nothing else, with their accents."""
_WE: Final = re.compile(r"(?!mesmos|ultimos|proximos|maximos|minimos|otimos|ramos|extremos)[a-z]+(?:amos|emos|imos)")
_NOUN_COMES: Final = re.compile(
    r"(?:[oa]s?|uma?s?|uns|d[oae]s?|em|n[oa]s?|num|numa|aos?|por|pel[oa]s?|para|pra|com|sem|sobre|cada|d?n?ess[ea]s?|"
    r"d?n?est[ea]s?|noss[oa]s?|seus?|suas?|tod[oa]s?|qualquer|mais|outr[oa]s?|el|l[ao]s?|una?|del|al|con|the|an?|of|"
    r"with|for|our|your|any|every|e|ou|y|de|tu|su|mi|nuestr[oa]s?|este|ese|cualquier|sin)"
)
_ADJECTIVE: Final = re.compile(
    r"bo[am]s?|bons|otim[oa]s?|grandes?|nov[oa]s?|primeir[oa]|segund[oa]|ultim[oa]|melhor(?:es)?|que|mesm[oa]|"
    r"buen[oa]?s?"
)
_NO_VERBS: Final = frozenset("para como sobre entre contra desde durante antes que tua rua cara nada".split())  # noqa: SIM905
_SHORTEST: Final = 3
_ENGLISH: Final = re.compile(
    r"\W*(?:(?:and|but|so|then|yes|also|sure|of course|because|if),? )*"
    r"(?:it|they|we|you|he|she|everyone|everybody|customers|that|this|all|nobody) ([a-z]+)|"
    r"\W*(?:(?:and|but|so|yes|sure|of course),? )*(?:all )?(?:the|this|that|our|these) (?:[a-z]+ ){1,2}([a-z]+s) [a-z]"
)
_SPANISH: Final = re.compile(
    r"(?:^|[ ,])(?:lo|le|les|se|siempre|nunca|todos|clientes) (?:(?:lo|la|le|les|se|siempre|ya|nunca) )?"
    r"([a-z]{2,}(?:[ae]n?|[ae]s))\b"
)
"""A verb after its pronoun or adverb."""
_NEVER: Final = re.compile(r"(?!)")
_WORD: Final = re.compile(r"[a-zà-ÿ][a-zà-ÿ'-]*", re.I)


def tells_of_us(text: str, folded: str, locale: str) -> bool:
    """Whether a clause (as it is written, and folded) tells something that needs a ground."""
    if says_nothing_of_us(text, folded):
        return False
    for told in (_permits(folded), promises_by_itself(folded)):
        if told is not None:
            return told
    advised = advises(folded)
    if advised is not None:
        return not advised
    verb = _finite_verb(text, folded, locale)
    return verb >= 0 and (bool(WHEN.search(folded)) or not _talks(folded, verb))


def _permits(folded: str) -> bool | None:
    """Whether the customer may do something beside talking; nothing where nobody may do anything."""
    match = _PERMITTED.search(folded)
    if not match:
        return True if _MAY_ALONE.search(folded) else None
    verb = match["verb"] or match["en"]
    at = match.start("verb") if match["verb"] else match.start("en")
    if match["clitic"] or TO_US.search(folded, at - 4) or verb in ("ser", "be"):
        return False
    talking = TALKING.match(verb) or CUSTOMER_DOES.fullmatch(verb)
    return not talking or bool(TEAM.search(folded, 0, match.start()) and WHEN.search(folded))


def _talks(folded: str, verb: int) -> bool:
    """Whether the deed of a clause is one of this conversation."""
    main = _MAIN_VERB.match(folded, verb)
    if (main and TALKING.match(main["verb"])) or TALKING.match(folded, verb) or _IN_TOUCH.search(folded):
        return True
    return bool(TEAM.search(folded)) and any(_TEAM_DOES.match(m.group()) for m in _WORD.finditer(folded, verb))


def _finite_verb(text: str, folded: str, locale: str) -> int:
    """Where the verb of a clause begins; -1 when it has none."""
    noun_comes = False
    for number, match in enumerate(_WORD.finditer(text)):
        word = folded[slice(*match.span())]
        if match.group().lower() in _VERBS[locale] or _WE.fullmatch(word):
            return match.start()
        if locale != "en" and number and not noun_comes and _is_verb(word):
            return match.start()
        adjective = bool(_ADJECTIVE.fullmatch(word)) and (noun_comes or not number)
        noun_comes = adjective or bool(_NOUN_COMES.fullmatch(word))
    other = {"en": _ENGLISH.match, "es": _SPANISH.search}.get(locale, _NEVER.match)(folded)
    return other.start(other.lastindex or 0) if other else -1


def _is_verb(word: str) -> bool:
    """Whether a word is a present form of a known verb."""
    regular = is_form_of_verb(word, ("a", "am"), "a") or is_form_of_verb(word, ("e", "em"), "ei")
    return regular and len(word) >= _SHORTEST and word not in _NO_VERBS
