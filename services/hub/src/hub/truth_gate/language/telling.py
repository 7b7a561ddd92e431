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
from hub.truth_gate.language.statement_words import BEING
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
_TEAM_DOES: Final = re.compile(rf"{TALKING.pattern}|cuid|marca|agenda|appointment|carr(?:y|ies)$")
"""What people do for whom the assistant hands over to them."""
_IN_TOUCH: Final = re.compile(
    r"\b(?:entr\w+ em contato|(?:get|be) in (?:touch|contact)|get back to you|goes on|e[mn] contact\w+)\b"
)
_PERMITTED: Final = re.compile(
    r"\b(?:(?:pode[m]?|podera[o]?|consegue[m]?|(?:e|fica|seria) possivel|da[o]? (?:pra|para)|dara (?:pra|para)|"
    r"puede[ns]?|podra[ns]?|es posible) (?:(?:sim|si|tambem|tambien|ate|se|ser|sempre|te|lhe|ja|ya|so|solo|lo|la|los|"
    r"las) )*(?P<verb>[a-z]+[aei]r(?:l[oae]s?|se|te)?|por|[a-z]+[aei]d[oa]s?|ser)\b(?P<clitic>-(?:me|nos))?|"
    r"\b(?:you|they|it|one|customers|everyone|anyone) (?:can|may|could) (?:(?:also|always|even|be|just|still|"
    r"already) )*(?P<en>[a-z]+)\b)"
)
_MAY_ALONE: Final = re.compile(r"\b(?:pode[m]?|puede[ns]?|(?:you|they|it) can)(?: s[ií]m?)?\W*$")
_VERBS: Final = {
    "pt-BR": frozenset(
        """é são está estão foi foram será serão era eram tem têm teve há vai vão pode podem deve devem fica ficam vem
        vêm dá dão faz fazem sai saem vale valem custa leva levam chega chegam traz cabe cabem existe existem serve
        servem somos temos damos vamos deu deram fez fizeram""".split()  # noqa: SIM905
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
    r"(?:it|they|we|you|he|she|everyone|everybody|customers|(?:most )?people|that|this|all|nobody) "
    r"(?:(?:only|also|always|never|just|still|already) )*([a-z]+)|"
    r"\W*(?:(?:and|but|so|yes|sure|of course),? )*(?:all )?(?:the|this|that|our|these) (?:[a-z]+ ){1,2}([a-z]+s) [a-z]"
)
_OTHERS: Final = re.compile(
    r"\b(?:pessoas|gente|clientes|customers|people|maioria|mayoria|todos|todo mundo|todo el mundo|everyone|everybody|"
    r"most|ninguem|nadie|nobody|quem|quien(?:es)?)\b"
)
"""Others than those who talk here: what they say and think is told of the goods."""
_SPANISH: Final = re.compile(
    r"(?:^|[ ,])(?:lo|le|les|se|siempre|nunca|todos|clientes|usted|ustedes) (?:(?:lo|la|le|les|se|siempre|ya|nunca) )?"
    r"([a-z]{2,}(?:[ae]n?|[ae]s))\b"
)
"""A verb after its pronoun or adverb."""
_SAID_OF_GOODS: Final = re.compile(rf"(?!e$)(?:{BEING.pattern}|dura[m]?)")
_IS: Final = re.compile(r"\W*(?:(?:sim|não|claro|mas|e),? )*é\b", re.I)
"""On the text as it is written: no "and" before a bid."""
_ONLY: Final = re.compile(r"\be (?:so|melhor)\b")
_A_GENTE: Final = re.compile(r"\ba gente\b")
_DOER: Final = frozenset("gente voce voces ele ela eles elas mundo ninguem quem pessoas clientes maioria nunca".split())  # noqa: SIM905
"""After one of these an unknown word with the ending of a verb is one."""
_DONE: Final = re.compile(r"[a-z]{2,}(?:[ae]m?|ou|eu|iu)")
_NEVER: Final = re.compile(r"(?!)")
_WORD: Final = re.compile(r"[a-zà-ÿ][a-zà-ÿ'-]*", re.I)


def tells_of_us(text: str, folded: str, locale: str) -> bool:
    """Whether a clause (as it is written, and folded) tells something that needs a ground."""
    if says_nothing_of_us(text, folded):
        return False
    told = _told_to_somebody(text, folded)
    if told is not None:
        return told
    verb = _finite_verb(text, folded, locale)
    return verb >= 0 and (bool(WHEN.search(folded)) or not _talks(folded, verb))


def _told_to_somebody(text: str, folded: str) -> bool | None:
    """Whether a permission, a promise or a bid needs a ground; nothing where a clause is none of them."""
    permitted = _permits(folded)
    if permitted is not None or (_IS.match(text) and not _ONLY.search(folded)):
        return permitted
    promised, advised = promises_by_itself(folded), advises(folded)
    return promised if promised is not None else None if advised is None else not advised


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
    team = TEAM.search(folded)
    if _OTHERS.search(folded, 0, verb) and not team and not _A_GENTE.search(folded):
        return False
    main = _MAIN_VERB.match(folded, verb)
    if (main and TALKING.match(main["verb"])) or TALKING.match(folded, verb) or _IN_TOUCH.search(folded):
        return True
    return bool(team) and any(_TEAM_DOES.match(m.group()) for m in _WORD.finditer(folded, verb))


def _finite_verb(text: str, folded: str, locale: str) -> int:
    """Where the verb of a clause begins; -1 when it has none."""
    noun_comes, before = False, ""
    for number, match in enumerate(_WORD.finditer(text)):
        word = folded[slice(*match.span())]
        if match.group().lower() in _VERBS[locale] or _WE.fullmatch(word):
            return match.start()
        if locale != "en" and not noun_comes and _is_verb(word, first=not number):
            return match.start()
        if before in _DOER and _DONE.fullmatch(word):
            return match.start()
        adjective = bool(_ADJECTIVE.fullmatch(word)) and (noun_comes or not number)
        noun_comes, before = adjective or bool(_NOUN_COMES.fullmatch(word)), word
    other = {"en": _ENGLISH.match, "es": _SPANISH.search}.get(locale, _NEVER.match)(folded)
    return other.start(other.lastindex or 0) if other else -1


def _is_verb(word: str, *, first: bool) -> bool:
    """Whether a word is a present form of a known verb; the first one of a clause may as well be a noun or a bid."""
    regular = is_form_of_verb(word, ("e", "em"), "ei") or (not first and is_form_of_verb(word, ("a", "am"), "a"))
    if first and _SAID_OF_GOODS.fullmatch(word):
        return True
    return regular and len(word) >= _SHORTEST and word not in _NO_VERBS
