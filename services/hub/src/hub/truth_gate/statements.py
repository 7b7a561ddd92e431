"""What a reply states of the company and its goods without a number: "aceitamos cheque", "o vestido é de algodão".

Such a statement may use no word that nothing read in this turn has, and may not deny what was read, or assert what was
denied. Nothing is concluded about replies in another language than that of the texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from hub.retrieval.words import portuguese_words
from hub.truth_gate import statement_words as words
from hub.truth_gate.case import Case, Judgement, refuse
from hub.truth_gate.claims import Claim
from hub.truth_gate.naming import Mention
from hub.truth_gate.reading import Span, containing, meaning, names_something
from hub.truth_gate.support import is_uncertain
from hub.truth_gate.topics import unread_topic

Judged = tuple[Claim, Judgement]

_WORD: Final = re.compile(r"[a-z][a-z-]*[a-z]")
_FUNCTION_WORDS: Final = {
    "pt-BR": frozenset("de do da dos das em no na nos com para nao os as um uma ate ao por".split()),  # noqa: SIM905
    "es": frozenset("de del el los las en con para no y una hasta al por es".split()),  # noqa: SIM905
    "en": frozenset("the of and to in with for on or is are you your within".split()),  # noqa: SIM905
}
_LONGEST_SUBJECT: Final = 60
_SUBJECT_WORDS: Final = 4
_SERVING: Final = ("atendemos",)
"""A word of opening hours that says whom it serves, too."""
_ARTICLE: Final = re.compile(r"[,;]? ?(?:e |y |and )?\b(?:o|a|os|as|el|la|los|las|the) $")
_SIZE: Final = re.compile(r"\b(?:tamanho|tam\.?|size|talla|numero) (?P<size>[a-z]{1,3}|\d{2})\b")
_SHORT: Final = 3
_MOSTLY: Final = 0.6


class _Stated(NamedTuple):
    """A statement: from its verb to where it ends; `subjects`: the products it is about, none for the company."""

    verb: Span
    scope: Span
    subjects: frozenset[str] = frozenset()


def statements(case: Case) -> Iterator[Judged]:
    """Every such statement of a reply, judged."""
    if not _same_language(case):
        yield from _by_topic(case)
        return
    taken: list[Span] = []
    for stated in _found(case):
        overlaps = any(a < stated.scope[1] and stated.scope[0] < b for a, b in taken)
        if overlaps or _is_asked(case, stated.verb[0]) or is_uncertain(case, stated.verb[0]):
            continue
        if any(c.kind == "open" and stated.verb[0] <= c.start < stated.verb[1] and c.raw.lower() not in _SERVING
               for c in case.claims):  # fmt: skip
            continue
        taken.append(stated.scope)
        claim = Claim("statement", "stated", *stated.scope).with_raw(case.reading)
        yield claim, _judge(case, stated)
    yield from _lacking(case)


def _by_topic(case: Case) -> Iterator[Judged]:
    """Judge deeds in another language than that of the texts by topics that are known in all of them."""
    for pattern in (words.WE_DO, words.HAVING):
        for match in pattern.finditer(case.reading.folded):
            scope = _scope(case, match.start(), match.end())
            topic = unread_topic(case, case.reading.folded[slice(*scope)])
            if topic and not _is_asked(case, match.start()) and not is_uncertain(case, match.start()):
                claim = Claim("statement", "stated", *scope).with_raw(case.reading)
                yield claim, refuse(f"nothing that was read in this turn speaks of that ({topic})")


def _found(case: Case) -> Iterator[_Stated]:
    yield from _traits(case)
    yield from _of_known_things(case)
    folded = case.reading.folded
    for pattern in (words.WE_DO, words.HAVING, words.NEEDING):
        for match in pattern.finditer(folded):
            verb = match.groupdict().get("verb") or match.groupdict().get("en") or ""
            if verb.split()[0] in words.NO_DEED and pattern is words.WE_DO:
                continue
            begin = case.subjects.clause(match.start())[0] if pattern is words.NEEDING else match.start()
            scope = (begin, _scope(case, match.start(), match.end())[1])
            yield _Stated(match.span(), scope)
    for match in words.COMPANY_THINGS.finditer(folded):
        verb_after = _being_after(case, match.end())
        if verb_after and not folded[case.subjects.clause(match.start())[0] : match.start()].strip():
            yield _Stated(verb_after, _scope(case, match.start(), verb_after[1]))


def _traits(case: Case) -> Iterator[_Stated]:
    if _names_are_foreign(case):
        return
    for mention in case.subjects.mentions:
        verb = _being_after(case, mention.end)
        if verb and not mention.foreign:
            begin, end = _scope(case, verb[0], verb[1])
            others = (
                m.start for m in case.subjects.mentions if verb[1] <= m.start and not m.subjects & mention.subjects
            )
            articled = [at for at in others if _ARTICLE.search(case.reading.folded, begin, at)]
            yield _Stated(verb, (begin, min([end, *articled])), mention.subjects)

    for match in words.PRONOUN.finditer(case.reading.folded):
        verb = _being_after(case, match.end())
        named = case.subjects.last_named_before(containing(case.subjects.sentences, match.start())[0])
        scope = _scope(case, *verb) if verb else (0, 0)
        named = named or case.subjects.named_in(scope)
        if verb and named:
            yield _Stated(verb, scope, frozenset().union(*(m.subjects for m in named)))


def _of_known_things(case: Case) -> Iterator[_Stated]:
    """Statements of what a text speaks of: "o Wi-Fi é pago", "peças íntimas têm troca"."""
    known = _known(case)
    for sentence in case.subjects.sentences:
        for clause in case.subjects.clauses(sentence):
            verb = _being_after(case, clause[0]) or _denied_verb(case, clause)
            about = list(_content(case, (clause[0], verb[0]), frozenset())) if verb else []
            opening = any(c.kind == "open" and clause[0] <= c.start < clause[1] for c in case.claims)
            if verb and about and not opening and any(meaning(word) in known for word in about):
                yield _Stated(verb, _scope(case, clause[0], verb[1]))


def _denied_verb(case: Case, clause: Span) -> Span | None:
    """The verb of "o crédito não vence"."""
    match = words.DENIED_VERB.search(case.reading.folded, *clause)
    return match.span() if match and match.start() - clause[0] < _LONGEST_SUBJECT else None


def _being_after(case: Case, position: int) -> Span | None:
    """The verb right after a subject: nothing but adverbs, or more of its name, between."""
    match = words.BEING.search(case.reading.folded, position, position + _LONGEST_SUBJECT)
    if not match or case.reading.text[match.start() : match.end()] in ("e", "E"):
        return None
    between = case.reading.folded[position : match.start()]
    short = len(between.split()) <= _SUBJECT_WORDS and not re.search(r"[,;:.!?\n]", between)
    return match.span() if short else None


def _scope(case: Case, start: int, verb_end: int) -> Span:
    """From a verb to the end of what it governs: a contrast, a reason, or the end of the sentence."""
    sentence_end = containing(case.subjects.sentences, start)[1]
    stop = words.ENDS.search(case.reading.folded, verb_end, sentence_end)
    later = [match.start() for match in _next_verbs(case, verb_end, stop.start() if stop else sentence_end)]
    return (start, min([*later, stop.start() if stop else sentence_end]))


def _next_verbs(case: Case, start: int, end: int) -> list[re.Match[str]]:
    found = [words.WE_DO.search(case.reading.folded, start, end), words.HAVING.search(case.reading.folded, start, end)]
    return [match for match in found if match]


def _is_asked(case: Case, position: int) -> bool:
    """Whether it stands in a question: that states nothing."""
    end = containing(case.subjects.sentences, position)[1]
    return case.reading.folded[:end].rstrip().endswith("?")


def _judge(case: Case, stated: _Stated) -> Judgement:
    said = list(_content(case, stated.scope, stated.subjects))
    size = _SIZE.search(case.reading.folded, *stated.scope)
    labels = [label for label, subject in case.knowledge.labels.items() if subject in stated.subjects]
    if size and labels and not any(re.search(rf"\b{size['size']}\b", label) for label in labels):
        return refuse(f"{labels[0]!r} is not size {size['size'].upper()}")
    if _is_denied(case, stated) and words.OFFERS.issuperset(said) and not case.knowledge.of_kind("percent"):
        return Judgement(True, None, "no offer was read")
    own = _label_words(case, stated.subjects)
    known = own | _known(case)
    strange = [word for word in said if meaning(word) not in known]
    if strange and (strange[0] != _verb(case, stated) or _says_nothing_else(case, stated, said)):
        return refuse(f"nothing that was read in this turn speaks of {strange[0]!r}")
    if len(strange) > 1:
        return refuse(f"nothing that was read in this turn speaks of {strange[1]!r}")
    said = [word for word in said if word not in strange]
    return _by_polarity(case, stated, [meaning(word) for word in said if meaning(word) not in own])


def _verb(case: Case, stated: _Stated) -> str:
    return case.reading.folded[slice(*stated.verb)].split()[0]


def _says_nothing_else(case: Case, stated: _Stated, said: list[str]) -> bool:
    """Whether all depends on the verb: "seguramos as compras por 5 dias" may say "guardamos" in its own words."""
    return len(said) == 1 and not any(stated.scope[0] <= c.start < stated.scope[1] for c in case.claims)


def _by_polarity(case: Case, stated: _Stated, said: list[str]) -> Judgement:
    """Judge a statement of known words by the sentences of texts that hold all of them."""
    if strange := _of_others(case, stated, said):
        return refuse(strange)
    if not said:
        return Judgement(True, min(stated.subjects, default=None), "states nothing that could be false")
    negation = words.NEGATIONS[case.locale]
    denied = _is_denied(case, stated)
    every = words.EVERY.search(case.reading.folded[slice(*stated.scope)])
    told = [(subject, text) for subject, text, stems in case.knowledge.sentences if stems.issuperset(said)]
    if not told and every:
        return refuse(f"nothing that was read in this turn says {every.group()!r} of that")
    if not told:
        return Judgement(True, None, "every word of it was read")
    agreeing = [(s, t) for s, t in told if bool(negation.search(_without_fixed(t))) == denied]
    if not agreeing:
        return refuse(f"{told[0][0]} says {'so' if denied else 'the opposite'}: {told[0][1]!r}")
    if every and not any(words.EVERY.search(text) for _, text in agreeing):
        return refuse(f"{agreeing[0][0]} does not say {every.group()!r}: {agreeing[0][1]!r}")
    return Judgement(True, agreeing[0][0])


def _is_denied(case: Case, stated: _Stated) -> bool:
    span = (max(case.subjects.clause(stated.verb[0])[0], stated.verb[0] - 20), stated.scope[1])
    return bool(words.NEGATIONS[case.locale].search(_without_fixed(case.reading.folded[slice(*span)])))


def _of_others(case: Case, stated: _Stated, said: list[str]) -> str:
    """Why what a text says of other products does not hold for these."""
    told = [(subject, stems) for subject, _, stems in case.knowledge.sentences if said and stems.issuperset(said)]
    of_others = [case.subjects.owners_in(stems) for _, stems in told]
    others = [owners for owners in of_others if owners and not owners & stated.subjects]
    return f"{told[0][0]} says so of others" if stated.subjects and told and len(others) == len(told) else ""


def _without_fixed(text: str) -> str:
    """The text without words that look like a denial and are none: "sem juros", "não custa nada"."""
    return words.NO_DENIAL.sub("", text)


def _lacking(case: Case) -> Iterator[Judged]:
    """Judge "sem taxa" and "without the ticket" where a text asks for just that."""
    for match in words.WITHOUT.finditer(case.reading.folded):
        noun = meaning(match["noun"])
        asking = [(s, t) for s, t, stems in case.knowledge.sentences if noun in stems]
        if not asking or not names_something(match["noun"]) or any(_inside(match, c) for c in case.claims):
            continue
        negation = words.NEGATIONS[case.locale]
        claim = Claim("statement", "without", *match.span()).with_raw(case.reading)
        agreeing = [s for s, t in asking if negation.search(t)]
        yield claim, Judgement(True, agreeing[0]) if agreeing else refuse(f"{asking[0][0]} says: {asking[0][1]!r}")


def _inside(match: re.Match[str], claim: Claim) -> bool:
    return claim.start < match.end() and match.start() < claim.end


def _is_own(mention: Mention, subjects: frozenset[str]) -> bool:
    """Whether a name says nothing new: "a coleira G é vermelha" gives G the word of another one."""
    return not mention.foreign and (not subjects or mention.subjects <= subjects)


def _content(case: Case, scope: Span, subjects: frozenset[str]) -> Iterator[str]:
    """The words of a statement that say something, folded."""
    hidden = [c.span for c in case.claims] + [m.span for m in case.subjects.mentions if _is_own(m, subjects)]
    for match in _WORD.finditer(case.reading.folded, *scope):
        word = match.group()
        if any(a < match.end() and match.start() < b for a, b in hidden):
            continue
        light = word in words.LIGHT or word in words.TALK or word.endswith(("mente", "ly"))
        telling = names_something(word) or word in words.PAYING
        if telling and not light and not words.BEING.fullmatch(word):
            yield word


def _known(case: Case) -> frozenset[str]:
    return frozenset().union(*(stems for _, _, stems in case.knowledge.sentences))


def _label_words(case: Case, subjects: frozenset[str]) -> frozenset[str]:
    if not subjects:
        return frozenset(meaning(w) for label in case.knowledge.labels for w in _WORD.findall(label))
    labels = [label for label, subject in case.knowledge.labels.items() if subject in subjects]
    return frozenset(meaning(word) for label in labels for word in _WORD.findall(label))


def _same_language(case: Case) -> bool:
    """Whether the reply is in the language of what was read; so it is when nothing was read."""
    texts = " ".join(text for subject, text in case.knowledge.texts if not subject.startswith("product:")).split()
    if texts:
        counts = {locale: sum(word in known for word in texts) for locale, known in _FUNCTION_WORDS.items()}
        return counts[case.locale] >= max(counts.values())
    return True


def _names_are_foreign(case: Case) -> bool:
    """Whether a reply in another language speaks of products with Portuguese names."""
    words_of = [word for label in case.knowledge.labels for word in _WORD.findall(label) if len(word) > _SHORT]
    portuguese = sum(word in portuguese_words() for word in words_of)
    return case.locale != "pt-BR" and portuguese > _MOSTLY * len(words_of)
