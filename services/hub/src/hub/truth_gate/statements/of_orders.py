"""What a clause tells of an order beside its state, date and amount: nothing but these was read.

The words that may stand in such a clause are a closed class: grammar, what an order and its values are called, how one
says to have found it. Any other ("parado", "pelos Correios", "a casa estava vazia") tells what nobody read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from hub.truth_gate.claims.claims import Claim
from hub.truth_gate.grounds.case import Case, Judgement, refuse
from hub.truth_gate.grounds.knowledge import Ground
from hub.truth_gate.grounds.naming import inside
from hub.truth_gate.judging.denial import DENYING, language_of
from hub.truth_gate.judging.orders import order_mentions, state_follows
from hub.truth_gate.judging.support import is_uncertain
from hub.truth_gate.language import moods
from hub.truth_gate.language.asides import asides, names, within
from hub.truth_gate.language.reading import Span, asks, containing, meaning
from hub.truth_gate.language.statement_words import ORDER
from hub.truth_gate.statements.joined import is_echo

Judged = tuple[Claim, Judgement]

_WORD: Final = re.compile(r"[a-z][a-z'-]*")
_MAY_STAND: Final = frozenset(
    """a o os as um uma uns umas de do da dos das em no na nos nas ao aos por pelo pela para pra pro com sem e ou que se
    el la los las un una unos unas del al en y con su tu sus tus lo le te the an of for to at in on by and or that with
    your our his her its it he she they i we you my this that these those
    seu sua seus suas teu tua nosso nossa este esta esse essa isso ele ela eles elas eu nos voce voces senhor senhora
    me lhe aqui ali ca here ahi ja ainda ya aun todavia yet still already now agora ahora tambem tambien also too so
    apenas somente only nao no not sim si yes como as quanto quando mesmo bem muito mais menos do than que
    e es eh is are was were has have had been be being esta estao foi foram fue fueron era sera ser sido tem tiene ha
    there 's segue continua consta constam aparece aparecem figura fica ficou ficaram encontra-se encontra marcado
    marcada registrado registrada registered listed shows show
    pedido pedidos encomenda encomendas compra compras order orders package pacote paquete numero number codigo no
    status situacao estado state estatus total valor valores monto amount preco custo custou custaram custa costs cost
    costo cuesta deu deram dao da somam soma sumam sum come comes came juntos juntas together both dois duas ambos two
    diferenca diferencia difference caro cara barato barata expensive cheaper dearer maior menor ultimo ultima ultimos
    latest last newest oldest recente antigo primeiro segundo primeira segunda first second
    data dia date day fecha dated previsao previsto prevista previstos estimativa expected estimated due scheduled
    prazo chega chegar chegara deve devem vai entrega entregas delivery arrive arrives arrival llega llegara
    sale noticia boas boa noticias good great news buenas excelente otimo otima certo tudo bom ok
    achei encontrei localizei vejo vi olhei consultei verifiquei confirmei conferi found find see looking checked
    encontre veo sistema system cadastro registro records portal claro sure hi hello oi ola hola
    obrigado obrigada gracias thanks
    reais real entao then porque pois well per rastreio rastreamento rastreo tracking track acompanhe acompanhar seguir
    pagamento payment pago juntando somando sao salio mas more less we've you've i've i'm it's
    tenho tengo traz trae sobre lugar""".split()  # noqa: SIM905
)


_STATES: Final = {
    "shipped": r"(?:envi|despach|expedi|posta)(?:ad|d)[oa]s?|(?:envi|despach)(?:amos|ei)|shipped|dispatched|sent",
    "delivered": r"entreg(?:ue|ues|ad[oa]s?|amos|uei)|delivered|arrived|chegou|chegaram|llego|llegaron|recebid[oa]s?|"
    r"recibid[oa]s?|received",
    "cancelled": r"cancel\w+",
    "confirmed": r"confirmad[oa]s?|confirmed|confirmamos",
    "paid": r"pag[oa]s?|pagad[oa]s?|paid",
    "preparing": r"(?:separa|prepara)(?:cao|cion|d[oa]|ndo|mos)|preparing|packing|packed",
    "under_way": r"caminho|transito|camino|way",
}
_STATE: Final = {name: re.compile(words) for name, words in _STATES.items()}
_ABOUT: Final = re.compile(r"\W*(?:sobre|quanto a|quanto ao|about|regarding|as for|respecto)\b")
_PAYMENT: Final = re.compile(r"\b(?:pagamento|payment|pago)\b")
_BOTH: Final = re.compile(r"\b(?:(?:os|los|as|las|the) (?:dois|dos|duas|two)|ambos|ambas|both|todos|all)\b")
_PLURAL: Final = re.compile(r"\b(?:foram|estao|sao|seguem|ficaram|are|were|have|fueron|estan|son)\b")
_OTHER: Final = ("outro", "outra", "otro", "otra", "other")
_OWN: Final = re.compile(r"(?:seu|sua|su|tu|your)s?\b")
_LATER: Final = re.compile(r"\b(?:vai|vao|vamos|sera|serao|will|shall|going to|va a|van a|vamos a|esta para)\b")
_STATUS: Final = re.compile(r"\b(?:status|situacao|situacion)\b")
_GOES_ON: Final = re.compile(
    r"\W*(?:(?:e|y|and|mas|but|pero|que|ja|ainda|nao|agora|also|already|still) )*(?:foi|esta|e(?! so\b)|sera|ficou|"
    r"segue|saiu|"
    r"chegou|was|is|has|will|fue|sera|llego|salio)\b"
)
"""How a clause begins that tells more of what was spoken of before it."""
_NOT_FOUND: Final = re.compile(
    r"\b(?:nao|no) (?:encontr\w+|ach\w+|localiz\w+|consta|existe|ha|hay)\b|"
    r"(?:not|n't|no) (?:find|found|such|exist)\b|\bno (?:order|record)\b"
)
_NAME_ONLY: Final = 3
_DAYS: Final = {
    "amanha": 1, "hoje": 0, "hoy": 0, "manana": 1, "today": 0, "tomorrow": 1, "ontem": -1, "ayer": -1, "yesterday": -1,
}  # fmt: skip


def end_of_state(folded: str, at: int) -> int:
    """Where the state of an order ends that stands at a place, which is judged here; 0 when none does."""
    word = _WORD.match(folded, at + 1)
    return word.end() if word and any(words.fullmatch(word.group()) for words in _STATE.values()) else 0


def of_orders(case: Case) -> Iterator[Judged]:
    """Every clause about an order with a word that tells more than was read, refused."""
    if not any(ground.subject.startswith("order:") for ground in case.knowledge.grounds):
        return
    for sentence in case.subjects.sentences:
        if asks(case.reading.folded[slice(*sentence)]):
            continue
        for clause in case.subjects.clauses(sentence):
            yield from _of_all(case, clause, sentence)
            yield from _not_found(case, clause)
        for clause in _clauses(case, sentence):
            folded = case.reading.folded[slice(*clause)]
            whole = clause in case.subjects.clauses(sentence)
            if moods.supposes(folded) or (whole and moods.bids(folded)) or _ABOUT.match(folded):
                continue
            if is_uncertain(case, clause[1] - 1):
                continue
            for span in _untold(case, clause):
                why = _state_objection(case, clause, span)
                claim = Claim("statement", "of an order", *span).with_raw(case.reading)
                yield from [(claim, refuse(why))] if why else ()


def _not_found(case: Case, clause: Span) -> Iterator[Judged]:
    """Judge that there is no such order, of one that was read."""
    missing = _NOT_FOUND.search(case.reading.folded, *clause)
    if missing and order_mentions(case, clause):
        claim = Claim("statement", "of an order", *missing.span()).with_raw(case.reading)
        yield claim, refuse("that order was read")


def _clauses(case: Case, sentence: Span) -> Iterator[Span]:
    """The clauses of a sentence that tell of an order; one that only names it is joined with the next."""
    begun: int | None = None
    spoken = False
    for start, end in case.subjects.clauses(sentence):
        goes_on = spoken and (_GOES_ON.match(case.reading.folded, start, end) or not list(_untold(case, (start, end))))
        first = start if begun is None else begun
        alone = len(_WORD.findall(case.reading.folded[first:end])) <= _NAME_ONLY
        spoken = _speaks_of_an_order(case, (first, end)) or bool(goes_on)
        begun = first if alone and spoken and end < sentence[1] else None
        if begun is None and spoken:
            yield (first, end)


def _speaks_of_an_order(case: Case, clause: Span) -> bool:
    numbers = {g.claim.value.lower() for g in case.knowledge.of_kind("sku") if g.subject.startswith("order:")}
    if _STATUS.search(case.reading.folded, *clause):
        return True
    words = set(re.findall(r"[a-z0-9/-]+", case.reading.folded[slice(*clause)]))
    return bool(numbers & words or order_mentions(case, clause) or ORDER.search(case.reading.folded, *clause))


def _told_of(case: Case, clause: Span, word: Span) -> set[str]:
    """The orders of which a word is said: the one before it, or all of them where the verb is a plural."""
    mentions = order_mentions(case, clause)
    before = [m for m in mentions if m.end <= word[0]]
    several = before and _PLURAL.search(case.reading.folded, before[-1].end, word[0])
    return {m.subject for m in (before[-1:] if before and not several else mentions)}


def _of_all(case: Case, clause: Span, sentence: Span) -> Iterator[Judged]:
    """Judge the state of both, and of one that is only said to be so too: "e o S00207 também"."""
    states = [c for c in case.claims if c.kind == "order_state" and sentence[0] <= c.start < clause[1]]
    told = [c for c in states if c.start >= clause[0]] or _told_states(case, clause)
    named = order_mentions(case, clause)
    if told and not order_mentions(case, sentence) and _BOTH.search(case.reading.folded, *clause):
        yield told[-1].with_raw(case.reading), _all_follow(case, told[-1], set())
    echoes = [m for m in named if is_echo(case.reading.folded, (states or told)[-1].end, m)] if states else []
    for mention in echoes if not told else ():
        yield Claim("order_state", states[-1].value, *mention.span), _all_follow(case, states[-1], {mention.subject})


def _told_states(case: Case, clause: Span) -> list[Claim]:
    """The states that the words of a clause tell."""
    words = _WORD.finditer(case.reading.folded, *clause)
    return [
        Claim("order_state", n, *w.span()) for w in words for n, said in _STATE.items() if said.fullmatch(w.group())
    ]


def _all_follow(case: Case, told: Claim, orders: set[str]) -> Judgement:
    known = _states_of(case, orders)
    amiss = [g.subject for g in known if not state_follows(told, g)]
    return refuse(f"{amiss[0]} is not {told.value}") if amiss or not known else Judgement(True, known[0].subject)


def _states_of(case: Case, orders: set[str]) -> list[Ground]:
    """The states of some orders that were read, or of all."""
    return [g for g in case.knowledge.of_kind("order_state") if not orders or g.subject in orders]


def _untold(case: Case, clause: Span) -> Iterator[Span]:
    """Where the words stand that tell more of an order than its values."""
    own = [a for a in asides(case.reading) if not _OWN.match(case.reading.folded, a[0])]
    theirs = (*own, *names(case.reading))
    sentence = containing(case.subjects.sentences, clause[0])
    near = [c for c in case.claims if sentence[0] <= c.start < sentence[1]]
    told = {c.value for c in near if c.kind in ("date", "weekday")}
    days = {each: case.today + timedelta(days=far) for each, far in _DAYS.items()}
    dated = {each for each, day in days.items() if told & {day.isoformat(), str(day.weekday())}}
    several = len(_states_of(case, set())) > 1
    may_stand = _MAY_STAND | dated | (set(_OTHER) if several else set())
    read = _stems_of_orders(case)
    for match in _WORD.finditer(case.reading.folded, *clause):
        valued = any(c.start < match.end() and match.start() < c.end for c in case.claims)
        valued = valued or inside(match.span(), case.subjects.mentions)
        stands = match.group() in may_stand or meaning(match.group()) in read or within(match.start(), theirs)
        if not valued and not stands:
            yield match.span()


def _stems_of_orders(case: Case) -> set[str]:
    """The stems of the words in which an order was read: its carrier, its items."""
    texts = (text for subject, text in case.knowledge.texts if subject.startswith("order:"))
    return {meaning(word) for text in texts for word in _WORD.findall(text)}


def _state_objection(case: Case, clause: Span, word: Span) -> str:
    """Why a word may not be said of an order: it is no state, or not the one that was read; empty when it may."""
    said = case.reading.folded[slice(*word)]
    state = next((name for name, words in _STATE.items() if words.fullmatch(said)), "")
    if not state:
        return f"nothing that was read in this turn says {said!r} of an order"
    if state in ("confirmed", "delivered") and _PAYMENT.search(case.reading.folded, *clause):
        state = "paid"
    if _LATER.search(case.reading.folded, clause[0], word[0]) and state != "delivered":
        return f"nothing that was read in this turn says when an order will be {state}"
    value = (
        f"not {state}" if DENYING[language_of(case, clause)].search(case.reading.folded, clause[0], word[0]) else state
    )
    known = _states_of(case, _told_of(case, clause, word))
    told = Claim("order_state", value, *word)
    return "" if known and all(state_follows(told, g) for g in known) else f"no order that was read is {value}"
