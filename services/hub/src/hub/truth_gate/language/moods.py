"""What a clause is for: to tell something, or to ask, to bid, to suppose, to greet, to say what the writer does.

Only what is told of the company and its goods can be false. The rest is recognised by its shape: by closed classes of
words (conjunctions, pronouns, auxiliaries), by the endings of verbs, and by where the verb stands.
"""

from __future__ import annotations

import re
from typing import Final

from hub.truth_gate.language.vocabulary import COMMON_WORDS, FUNCTION_WORDS
from hub.truth_gate.language.word_shapes import is_form_of_verb

_LEAD: Final = re.compile(
    r"[\W\d_]*(?:(?:e|mas|y|pero|and|but|ou|or|so|entao|ja|nao|no|eu|yo|tambem|agora|aqui|assim|sim|si|yes|se|"
    r"me|te|lhe|lo|le|"
    r"infelizmente|claro|ok|por favor|please|por aqui|hoje|logo|ainda|nunca|just|also|qualquer coisa),? )*"
)
_WORD: Final = re.compile(r"[a-z][a-z'-]*")
_FIRST: Final = frozenset(
    """vou sou estou dou sei vi fui fiz quis pude tive disse trouxe vim tenho posso faco digo peco sinto prefiro fico
    venho vejo leio ouco meço consigo confiro sugiro acredito i i'm i'll i've i'd im ive let soy estoy doy voy se hice
    recibi llame anote pase consulte encontre puedo tengo quiero siento pido digo prefiero entiendo""".split()  # noqa: SIM905
)
_THIRD: Final = ("sai", "cai", "vai", "atrai")
"""Without its mark "saí" (I left) looks like "sai" (it costs): it is the latter that shops write."""
_BIDDING: Final = frozenset(
    """faca venha veja diga traga seja tenha fique peca va de esteja saiba leia ouca ponha siga prefira confira sinta
    repita escolha agradeca esqueca conheca imagine deixe deixa olha olhe conte conta fala manda avisa vem espera
    corre aproveita
    aguarda haga venga vea diga traiga sea tenga pida vaya mire escriba elija avise disculpe desculpe desculpa
    perdone call have write send
    visit check tell take keep feel enjoy please bring reply give come stop use sorry""".split()  # noqa: SIM905
)
"""Irregular forms, and those of English."""
_ADVISING: Final = re.compile(r"\W*(?:o|lo) (?:melhor|ideal|mejor) (?:e|es) [a-z]+[aei]r\b|\W*(?:it's|it is) best to ")
_SUPPOSING: Final = re.compile(
    r"\W*(?:(?:e|mas|y|and|but|ou|so|entao|ai|pero) )?(?:se(?! (?:pued|l[oa]s? |(?:nos |me |te )?(?:acab|agot|termin|"
    r"vend)(?:o|aron|io|ieron)\b))|si|if|caso|quando|cuando|when|"
    r"assim que|logo que|"
    r"antes de|antes que|depois de|depois que|para que|after|before|once|unless|whenever|in case|en caso|"
    r"despues de|como se|sempre que|siempre que|enquanto|por mais que|"
    r"qualquer(?! [a-z]+ (?:a gente|pode[m]?|[a-z]+[aei]mos)\b)) "
)
_FINITE: Final = re.compile(
    r"(?<!\w)(?:é|são|está|estão|foi|foram|será|serão|era|eram|tem|têm|teve|há|houve|houveram|havia|hubo|vai|"
    r"vão|pode|podem|deve|devem|fica|"
    r"ficam|vem|vêm|dá|dão|faz|fazem|sai|saem|vale|valem|custa|custam|leva|levam|chega|chegam|traz|cabe|diz|"
    r"is|are|was|were|has|have|can|will|comes|takes|costs|includes|es|son|está|están|hay|tiene|tienen|puede|"
    r"pueden|va|van|cuesta|cuestan|tarda|incluye|llega|sale|viene|vienen|[a-zà-ÿ]{2,}(?:amos|emos|imos))(?!\w)",
    re.I,
)


def speaks_of_itself(folded: str) -> bool:
    """Whether a clause says what its writer does or feels: "sinto muito", "prefiro não arriscar"."""
    word = _first_word(folded)
    if word in COMMON_WORDS or word in FUNCTION_WORDS or word in ("sai", "cai"):
        return word in _FIRST
    regular = (
        is_form_of_verb(word, ("o",), "aei")
        or is_form_of_verb(word, ("ei",), "a")
        or is_form_of_verb(word, ("i",), "ei")
    )
    return word in _FIRST or (regular and word not in _THIRD)


def bids(folded: str) -> bool:
    """Whether a clause asks the customer to do something: "acesse", "escreva para nós"."""
    word = _first_word(folded)
    if _ADVISING.match(folded):
        return True
    if word in COMMON_WORDS or word in FUNCTION_WORDS:
        return word in _BIDDING
    return word in _BIDDING or is_form_of_verb(word, ("e", "em"), "a") or is_form_of_verb(word, ("a", "am"), "ei")


def supposes(folded: str) -> bool:
    """Whether a clause only supposes something, or says when: "se for presente", "quando puder"."""
    return bool(_SUPPOSING.match(folded))


def tells(text: str) -> bool:
    """Whether a clause (with its accents) has a verb that tells something of somebody else."""
    return bool(_FINITE.search(text))


def _first_word(folded: str) -> str:
    lead = _LEAD.match(folded)
    found = _WORD.match(folded, lead.end() if lead else 0)
    return found.group() if found else ""
