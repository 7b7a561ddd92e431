"""What a reply states of the company and its goods without a number: "aceitamos cheque", "o vestido é de algodão".

Such a statement may use no word that nothing read in this turn has, and may not deny what was read, or assert what was
denied. Nothing is concluded about replies in another language than that of the texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from hub.retrieval.words import portuguese_words
from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case, Judgement, refuse
from hub.truth_gate.judging.support import is_uncertain
from hub.truth_gate.judging.topics import unread_topic
from hub.truth_gate.language import statement_words as words
from hub.truth_gate.language.asides import names, within
from hub.truth_gate.language.reading import Span, asks, containing, meaning, names_something
from hub.truth_gate.statements.of_orders import end_of_state
from hub.truth_gate.statements.stated import Stated, content, content_spans, judge_statement, known_words

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
_ARTICLE: Final = re.compile(r"[,;]? ?(?:e |y |and )?\b(?:o|a|os|as|el|la|los|las|the|do|da|dos|das|del) $")
_JUST_BEFORE: Final = 5
_SHORT: Final = 3
_MOSTLY: Final = 0.6


def statements(case: Case) -> Iterator[Judged]:
    """Every such statement of a reply, judged."""
    if not same_language(case):
        yield from _by_topic(case)
        return
    taken: list[Span] = []
    for stated in _found(case):
        overlaps = any(a <= stated.verb[0] < b for a, b in taken)
        if overlaps or _is_asked(case, stated.verb[0]) or is_uncertain(case, stated.verb[0]):
            continue
        if any(c.kind == "open" and stated.verb[0] <= c.start < stated.verb[1] and c.raw.lower() not in _SERVING
               for c in case.claims):  # fmt: skip
            continue
        sentence = containing(case.subjects.sentences, stated.verb[0])
        if (
            stated.verb[0] < max((c.start for c in case.claims), default=0)
            and _only_points(case, sentence)
            and not words.EVERY.search(case.reading.folded, *sentence)
        ):
            continue
        taken.append(stated.scope)
        claim = Claim("statement", "stated", *stated.scope).with_raw(case.reading)
        yield claim, judge_statement(case, stated)
    yield from _lacking(case)


def _only_points(case: Case, sentence: Span) -> bool:
    """Whether a sentence only says where something is to be found: a link, a number."""
    kinds = {c.kind for c in case.claims if sentence[0] <= c.start < sentence[1]}
    return bool(kinds) and kinds <= {"link", "phone", "email"}


def _by_topic(case: Case) -> Iterator[Judged]:
    """Judge deeds in another language than that of the texts by topics that are known in all of them."""
    for pattern in (words.WE_DO, words.HAVING):
        for match in pattern.finditer(case.reading.folded):
            scope = _scope(case, match.start(), match.end())
            topic = unread_topic(case, case.reading.folded[slice(*scope)]) or _unread_all(case, scope)
            if topic and not _is_asked(case, match.start()) and not is_uncertain(case, match.start()):
                claim = Claim("statement", "stated", *scope).with_raw(case.reading)
                yield claim, refuse(f"nothing that was read in this turn speaks of that ({topic})")


def _unread_all(case: Case, scope: Span) -> str:
    """What is said of all or any where no text in force speaks of all of anything, in whatever language."""
    every = words.EVERY.search(case.reading.folded[slice(*scope)])
    said = any(words.EVERY.search(text) for _, text, _ in case.knowledge.sentences)
    return every.group() if every and not said else ""


def _found(case: Case) -> Iterator[Stated]:
    yield from _traits(case)
    yield from _of_known_things(case)
    yield from _of_unread_things(case)
    yield from _of_orders(case)
    yield from _allowed(case)
    folded = case.reading.folded
    for pattern in (words.WE_DO, words.HAVING, words.NEEDING):
        for match in pattern.finditer(folded):
            verb = match.groupdict().get("verb") or match.groupdict().get("en") or ""
            if verb.split()[0] in words.NO_DEED and pattern is words.WE_DO:
                continue
            begin = match.start() if pattern is words.WE_DO else case.subjects.clause(match.start())[0]
            scope = (begin, _scope(case, match.start(), match.end())[1])
            yield Stated(match.span(), scope)
    for match in words.COMPANY_THINGS.finditer(folded):
        verb_after = _being_after(case, match.end())
        if verb_after and not folded[case.subjects.clause(match.start())[0] : match.start()].strip():
            yield Stated(verb_after, _scope(case, match.start(), verb_after[1]))


def _traits(case: Case) -> Iterator[Stated]:
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
            yield Stated(verb, (begin, min([end, *articled])), mention.subjects)

    yield from _deeds_of_goods(case)
    yield from _further_traits(case)
    for match in words.PRONOUN.finditer(case.reading.folded):
        verb = _being_after(case, match.end())
        named = case.subjects.last_named_before(containing(case.subjects.sentences, match.start())[0])
        scope = _scope(case, *verb) if verb else (0, 0)
        named = named or case.subjects.named_in(scope)
        if verb and (named or case.knowledge.labels):
            yield Stated(verb, scope, frozenset().union(*(m.subjects for m in named)))


def _deeds_of_goods(case: Case) -> Iterator[Stated]:
    """What a product is said to do, with whatever verb: "a camiseta encolhe na primeira lavagem"."""
    for mention in case.subjects.mentions:
        begin, end = case.subjects.clause(mention.start)
        verb = words.DEED.match(case.reading.text, mention.end, end)
        first = words.ARTICLE.fullmatch(case.reading.folded, begin, mention.start)
        valued = any(begin <= c.start < end for c in case.claims)
        if (
            verb
            and first
            and not valued
            and not mention.foreign
            and list(content(case, (mention.end, end), frozenset()))
        ):
            yield Stated(verb.span("verb"), (verb.start("verb"), end), mention.subjects)


def _further_traits(case: Case) -> Iterator[Stated]:
    """What is said of a product with a second verb: "custa R$ 29,90 e é ótimo para cabelos cacheados"."""
    for sentence in case.subjects.sentences:
        for clause in case.subjects.clauses(sentence):
            verb = words.AND_IS.match(case.reading.text, clause[0], clause[1])
            named = [m for m in case.subjects.mentions if sentence[0] <= m.start < clause[0]]
            if verb and clause[0] > sentence[0]:
                subjects = named[-1].subjects if named else frozenset()
                yield Stated(verb.span("verb"), _scope(case, *verb.span("verb")), subjects)
        for which in words.WHICH.finditer(case.reading.text, *sentence):
            named = [m for m in case.subjects.mentions if sentence[0] <= m.start < which.start()]
            if named:
                yield Stated(which.span("verb"), _scope(case, *which.span("verb")), named[-1].subjects)


def _of_known_things(case: Case) -> Iterator[Stated]:
    """Statements of what a text speaks of: "o Wi-Fi é pago", "peças íntimas têm troca"."""
    known = known_words(case)
    for sentence in case.subjects.sentences:
        for clause in case.subjects.clauses(sentence):
            verb = _being_after(case, clause[0]) or _denied_verb(case, clause)
            about = list(content(case, (clause[0], verb[0]), frozenset())) if verb else []
            opening = any(c.kind == "open" and clause[0] <= c.start < clause[1] for c in case.claims)
            if words.SUPPOSING.match(case.reading.folded, *clause):
                continue
            if verb and about and not opening and any(meaning(word) in known for word in about):
                yield Stated(verb, _scope(case, clause[0], verb[1]))


def _of_unread_things(case: Case) -> Iterator[Stated]:
    """Statements of what nothing read names: "o café é torrado aqui", "our brunch has live music"."""
    known = known_words(case)
    for sentence in case.subjects.sentences:
        for clause in case.subjects.clauses(sentence):
            match = words.SUBJECT.match(case.reading.text, *clause)
            told = match and list(content(case, match.span("noun"), frozenset()))
            doer = words.UNREAD_DOER.match(case.reading.text, *clause)
            noun = list(content(case, doer.span("noun"), frozenset())) if doer else []
            if doer and not told and noun and meaning(noun[0]) not in known:
                begin, end = _scope(case, *doer.span("verb"))
                yield Stated(doer.span("verb"), (doer.end("verb"), min(end, clause[1])))
            if match and told and not words.COMPANY_THINGS.search(case.reading.folded, *match.span("noun")):
                begin, end = _scope(case, *match.span("verb"))
                yield Stated(match.span("verb"), (begin, min(end, clause[1])))


def _of_orders(case: Case) -> Iterator[Stated]:
    """What is said of a customer's order beside its state: "foi recebido pelo porteiro"."""
    codes = [g.claim.value for g in case.knowledge.of_kind("sku") if g.subject.startswith("order:")]
    subjects = [c.span for c in case.claims if c.kind == "sku" and c.value in codes]
    subjects += [m.span() for m in words.ORDER.finditer(case.reading.folded)]
    for _, end in subjects:
        verb = words.ORDER_IS.match(case.reading.folded, end)
        told = verb and any(c.kind == "order_state" and c.start < verb.end() <= c.end for c in case.claims)
        if verb and not told:
            start, end = _scope(case, *verb.span("verb"))
            scope = (end_of_state(case.reading.folded, verb.end()) or start, end)
            stop = words.STOP.search(case.reading.folded, *scope)
            yield Stated(verb.span("verb"), (scope[0], stop.start() if stop else scope[1]))


def _allowed(case: Case) -> Iterator[Stated]:
    """What a customer may do: "você pode fazer um test ride", "you can pick it up at our downtown store"."""
    known = known_words(case)
    for match in words.MAY.finditer(case.reading.folded):
        scope = (match.end(), _scope(case, *match.span())[1])
        said = list(content_spans(case, scope, frozenset()))
        called = names(case.reading)
        if said and all(within(span[0], called) or case.reading.text.isupper() for _, span in said):
            continue
        denied = words.NOT_DONE[case.locale].search(
            case.reading.folded, max(0, match.start() - _JUST_BEFORE), match.start()
        )
        if denied or not any(meaning(word) in known for word, _ in said):
            yield Stated(match.span(), scope)


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
    return asks(case.reading.folded[slice(*containing(case.subjects.sentences, position))])


def _lacking(case: Case) -> Iterator[Judged]:
    """Judge "sem taxa" and "without the ticket" where a text asks for just that."""
    for match in words.WITHOUT.finditer(case.reading.folded):
        noun = meaning(match["noun"])
        asking = [(s, t) for s, t, stems in case.knowledge.sentences if noun in stems]
        if words.NOT_DONE[case.locale].search(case.reading.folded[slice(*case.subjects.clause(match.start()))]):
            continue
        if not asking or not names_something(match["noun"]) or any(_inside(match, c) for c in case.claims):
            continue
        negation = words.NEGATIONS[case.locale]
        claim = Claim("statement", "without", *match.span()).with_raw(case.reading)
        agreeing = [s for s, t in asking if negation.search(t)]
        yield claim, Judgement(True, agreeing[0]) if agreeing else refuse(f"{asking[0][0]} says: {asking[0][1]!r}")


def _inside(match: re.Match[str], claim: Claim) -> bool:
    return claim.start < match.end() and match.start() < claim.end


def same_language(case: Case) -> bool:
    """Whether the reply is in the language of what was read; so it is when nothing was read."""
    texts = " ".join(text for subject, text in case.knowledge.texts if not subject.startswith("product:")).split()
    if texts:
        counts = {locale: sum(word in known for word in texts) for locale, known in _FUNCTION_WORDS.items()}
        return counts[case.locale] >= max(counts.values())
    return not _names_are_foreign(case)


def _names_are_foreign(case: Case) -> bool:
    """Whether a reply in another language speaks of products with Portuguese names."""
    words_of = [word for label in case.knowledge.labels for word in _WORD.findall(label) if len(word) > _SHORT]
    portuguese = sum(word in portuguese_words() for word in words_of)
    return case.locale != "pt-BR" and portuguese > _MOSTLY * len(words_of)
