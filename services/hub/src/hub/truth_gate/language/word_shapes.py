"""Words that by their shape can only be verbs: they tell what is done, and name no thing.

"Quer que eu siga", "somam R$ 50,00", "o M esgotou": without this rule each of them would have to stand in a list.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from hub.retrieval.words import portuguese_words

_ONLY_VERBS: Final = re.compile(
    r"[a-z]{2,}(?:ando|endo|indo|iendo|aram|eram|iram|aron|ieron|avam|aban|assem|essem|amos|emos|imos)|"
    r"[a-z]{3,}(?:ou|am)|[a-z]{3,}(?<![gmvt])em|[a-z]{2,}(?:[aeiou]r|[aei]ndo|[ae]r)(?:l[oae]s?|me|te|se|nos)|"
    r"[a-z]+[aei]rao|[a-z]{2,}-(?:se|l[oa]s?|lhes?|me|te|nos|[oa]s?)|(?:d|[a-z]{2,}[^auops])eu|[a-z]{2,}iu"
)
"""Gerunds, pasts and plurals; no noun of a shop ends so."""
_NO_VERBS: Final = frozenset("comando dividendo ramos remos armazem porem refem museu pneu verao varao".split())  # noqa: SIM905
_INFINITIVE: Final = re.compile(r"[a-z]{3,}(?:(?<!ul)(?<!ol)(?<!li)ar|(?<!lh)er|ir)")
_NOUNS_LIKE_INFINITIVES: Final = frozenset("mulher freezer poster elixir solar altar polegar".split())  # noqa: SIM905
_BEFORE_INFINITIVE: Final = re.compile(
    r"\b(?:pode[ms]?|podemos|posso|poder|dev[eo]m?|vai|vao|vou|vamos|quer|queira|quiser|preferir|te|se|me|lhe|nos|de|"
    r"basta|so|precis[ao]m?|consig[ao]|consegue|que|sem|ao|a|para|pra|e|ou|nao|puede[ns]?|puedo|podemos|debe[ns]?|"
    r"voy|vamos|quiere[ns]?|sin|al|vale)\s+$"
)


def is_verb(folded: str, start: int, end: int) -> bool:
    """Whether the word at a place can only be a verb: by its ending, or an infinitive after what asks for one."""
    word = folded[start:end]
    if word in _NO_VERBS:
        return False
    if folded.startswith(" que ", end):
        return True
    if _ONLY_VERBS.fullmatch(word):
        return True
    infinitive = _INFINITIVE.fullmatch(word) and word not in _NOUNS_LIKE_INFINITIVES
    return bool(infinitive and _BEFORE_INFINITIVE.search(folded, max(0, start - 16), start))


_SOFT: Final = (("qu", "c"), ("gu", "g"), ("j", "g"))
"""How a stem is written before another vowel: "fique" is of "ficar"."""
_SHORTEST_STEM: Final = 2
_OF_NOUNS: Final = re.compile(
    r"\b(?:o|a|os|as|um|uma|uns|umas|de|d[oae]s?|em|n[oa]s?|num|numa|ao|aos|por|pel[oa]s?|para|pra|com|sem|"
    r"sobre|cada|"
    r"ess[ea]s?|est[ea]s?|d?n?ess[ea]s?|noss[oa]s?|seus?|suas?|tod[oa]s?|qualquer|mais|outr[oa]s?|el|la|los|las|"
    r"un|una|"
    r"del|al|con|the|an|of|with|for|our|your|any|every)\s+$"
)
"""What stands before a noun."""
PARTICIPLE: Final = re.compile(r"[a-z]{2,}[ai]d[oa]s?|[a-z]{3,}ed")
_AUXILIARY: Final = re.compile(
    r"\b(?:e|sao|era|foi|foram|ser|sera|serao|sendo|sido|esta|estao|estava|estar|estando|fica|ficam|ficou|ficar|"
    r"for|forem|"
    r"seja|sejam|consta|constam|tem|tenho|temos|tinha|es|son|fue|ha|han|he|hemos|is|are|was|were|be|been|has|have)"
    r" (?:(?:nao|ja|ainda|sempre|tambem|bem|no|ya|aun|not|already|still|also|como) )*$"
)
_SPANISH_PLURAL: Final = re.compile(
    r"[a-z]{2,}(?:[bcdfglmnprstvz]an|[bcdfglnprstvz]en|ian)(?<!mingen)(?<!plan)(?<!orden)(?<!joven)(?<!imagen)"
)
_BY: Final = re.compile(r" (?:pel[oa]s?|por|by) ")
_ENDS_LIKE_VERB: Final = re.compile(r"[a-z]{2,}(?:[ae][mn]?|[^s]s)$")
_BEFORE_VERB: Final = re.compile(
    r"\b(?:que|se|nao|no|ja|ya|tambem|tambien|it|that|they|we|you|el[ae]s?|voces?|gente|also|y|so|solo|only)\s+$"
)
_AFTER_PRONOUN: Final = re.compile(r"\b(?:lo|le|te|me|lhe|les)\s+$")
_AFTER_I: Final = re.compile(r"\b(?:eu|yo)\s+$")
_AFTER_VERB: Final = re.compile(
    r" (?:con|com|em ate|em|en|ate|hasta|within|at|as|a partir) (?=[\d\0]|um|dois|dos|tres|one|two|"
    r"[a-z]+(?:ze|nta|inte|seis|ete|oito|nove|cinco|uatro)\b)"
)


@lru_cache(maxsize=4_096)
def is_form_of_verb(word: str, endings: tuple[str, ...], classes: str) -> bool:
    """Whether a word has one of these endings and is a form of a known verb (its infinitive ends in a class and r)."""
    for ending in endings:
        stem = word[: -len(ending)]
        if word.endswith(ending) and len(stem) >= _SHORTEST_STEM:
            stems = [stem, *(stem[: -len(soft)] + hard for soft, hard in _SOFT if stem.endswith(soft))]
            if ending in ("ia", "iam") and stem in portuguese_words() and stem.endswith("r"):
                return True
            if any(each + kind + "r" in portuguese_words() for each in stems for kind in classes):
                return True
    return False


def is_done(folded: str, start: int, end: int) -> bool:
    """Whether a word can only be a verb, or is a form of a known verb and stands after no article or preposition."""
    if is_verb(folded, start, end):
        return True
    before = folded[max(0, start - 16) : start]
    if _SPANISH_PLURAL.fullmatch(folded[start:end]) and not _OF_NOUNS.search(before):
        return True
    if _ENDS_LIKE_VERB.search(folded[start:end]) and _BEFORE_VERB.search(before):
        return True
    return not _OF_NOUNS.search(before) and is_form_of_verb(
        folded[start:end], ("a", "am", "e", "em", "ia", "iam"), "aei"
    )


def tells_a_deed(folded: str, start: int, end: int) -> bool:
    """Whether a word stands where a verb stands, by its ending and what is around it: "o crédito expira em 90 dias"."""
    word = folded[start:end]
    before = folded[max(0, start - 16) : start]
    if PARTICIPLE.fullmatch(word):
        return bool(_AUXILIARY.search(before) or _BY.match(folded, end))
    if _AFTER_PRONOUN.search(before):
        return True
    if _SPANISH_PLURAL.fullmatch(word) and not _OF_NOUNS.search(before):
        return True
    if _OF_NOUNS.search(before):
        return False
    if is_form_of_verb(word, ("ia", "iam"), "aei"):
        return True
    if _INFINITIVE.fullmatch(word) and word not in _NOUNS_LIKE_INFINITIVES:
        return True
    if _AFTER_I.search(before) and is_form_of_verb(word, ("o",), "aei"):
        return True
    if _ENDS_LIKE_VERB.search(word) and (_BEFORE_VERB.search(before) or _AFTER_VERB.match(folded, end)):
        return True
    return is_form_of_verb(word, ("a", "am", "e", "em", "as", "es"), "aei")
