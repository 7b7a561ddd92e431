"""What is attached to the name of a product: "a caneca com brinde", "the X2 for kids", "o kit, nosso campeão".

Beside a price such words look like talk; attached to a name they say what the thing is, and have to be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case, Judgement, refuse
from hub.truth_gate.grounds.naming import Mention
from hub.truth_gate.judging.support import is_uncertain
from hub.truth_gate.language import moods
from hub.truth_gate.language.asides import asides, within
from hub.truth_gate.language.reading import Span, asks, containing, meaning
from hub.truth_gate.language.vocabulary import COMMON_WORDS, FUNCTION_WORDS, GENERIC_WORDS, PRICE_TALK
from hub.truth_gate.language.word_shapes import is_verb
from hub.truth_gate.statements.stated import known_words

Judged = tuple[Claim, Judgement]

_ATTACHED: Final = re.compile(
    r"[\s*)\"”]{1,4}(?:(?:com|sem|de|em|con|sin|in|en|para|pra)(?: (?:um|uma|un|una|otim[oa]|muit[oa]))?|"
    r"(?:with|without|for)(?: an?)?(?: free)?) (?P<what>[a-z]{3,}(?: d[eao]s? [a-z]{3,})?)"
    r"|,? (?:our|noss[oa]s?|nuestr[oa]s?) (?P<ours>[a-z -]{3,40}?)(?= (?:e|es|is|custa|cuesta|costs|sai|esta|fica)\b|"
    r"[.,;:!()\n]|$)"
)
"""Without an article: "para a formatura" is what the customer wants it for."""
_WORD: Final = re.compile(r"[a-z]{3,}")
_FOR: Final = re.compile(r"\W*(?:para|pra|for) ")
_FOR_SOMEBODY: Final = frozenset(
    ("presente", "presentear", "regalo", "gift", "gifts", "voce", "usted", "levar", "hoje")
)


def attached(case: Case) -> Iterator[Judged]:
    """Everything attached to a name that nothing read speaks of, refused."""
    known = known_words(case) | frozenset(meaning(w) for label in case.knowledge.labels for w in _WORD.findall(label))
    for mention in case.subjects.mentions:
        sentence = containing(case.subjects.sentences, mention.start)
        match = _ATTACHED.match(case.reading.folded, mention.end, sentence[1])
        if not match or asks(case.reading.folded[slice(*sentence)]) or _says_nothing(case, mention):
            continue
        span = match.span("what" if match["what"] else "ours")
        known_here = known | _FOR_SOMEBODY if _FOR.match(case.reading.folded, mention.end) else known
        for word in _strange(case, span, known_here):
            told = Claim("trait", "attached", *span).with_raw(case.reading)
            yield told, refuse(f"nothing that was read in this turn speaks of {word!r}")
            break


def _says_nothing(case: Case, mention: Mention) -> bool:
    clause = case.subjects.clause(mention.start)
    return moods.supposes(case.reading.folded[slice(*clause)]) or is_uncertain(case, mention.end)


def _strange(case: Case, span: Span, known: frozenset[str]) -> Iterator[str]:
    """The words of a phrase that name something nobody read."""
    theirs = asides(case.reading)
    for match in _WORD.finditer(case.reading.folded, *span):
        word = match.group()
        light = word in COMMON_WORDS or word in FUNCTION_WORDS or word in GENERIC_WORDS or word in PRICE_TALK
        judged = any(c.start < match.end() and match.start() < c.end for c in case.claims)
        named = any(m.start < match.end() and match.start() < m.end for m in case.subjects.mentions)
        if light or judged or named or word in known or within(match.start(), theirs):
            continue
        if meaning(word) not in known and not is_verb(case.reading.folded, *match.span()):
            yield word
