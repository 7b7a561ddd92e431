"""Words that by their shape can only be verbs: they tell what is done, and name no thing.

"Quer que eu siga", "somam R$ 50,00", "o M esgotou": without this rule each of them would have to stand in a list.
"""

from __future__ import annotations

import re
from typing import Final

_ONLY_VERBS: Final = re.compile(
    r"[a-z]{2,}(?:ando|endo|indo|iendo|aram|eram|iram|aron|ieron|avam|aban|assem|essem|amos|emos|imos)|"
    r"[a-z]{3,}(?:ou|am)|[a-z]{3,}(?<![gmvt])em"
)
"""Gerunds, pasts and plurals; no noun of a shop ends so."""
_NO_VERBS: Final = frozenset("comando dividendo ramos remos armazem porem refem".split())  # noqa: SIM905
_INFINITIVE: Final = re.compile(r"[a-z]{3,}(?:(?<!ul)(?<!ol)(?<!li)ar|(?<!lh)er|ir)")
_NOUNS_LIKE_INFINITIVES: Final = frozenset("mulher freezer poster elixir solar altar polegar".split())  # noqa: SIM905
_BEFORE_INFINITIVE: Final = re.compile(
    r"\b(?:pode[ms]?|podemos|posso|poder|dev[eo]m?|vai|vao|vou|vamos|quer|queira|quiser|preferir|te|se|me|lhe|nos|"
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
