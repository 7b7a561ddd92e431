"""Words beside the name of a product that say whether there is any: "nada de X por enquanto", "X zerou", "X is back".

Words that say so wherever they stand ("esgotado", "in stock") are claims of their own; these say it of what they are
beside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from hub.truth_gate.grounds.naming import Mention
from hub.truth_gate.language.reading import Reading, Span

_ARTICLE: Final = (
    r"(?: (?:o|a|os|as|um|uma|el|la|los|las|un|una|the|a|our|de|do|da|dos|das|del|of|this|that|ess[ea]s?|est[ea]s?|"
    r"noss[oa]s?|nuestr[oa]s?|mais|mas|more|any|nenhum[a]?|ningun[a]?))*\s*$"
)
_UNITS: Final = r"(?: (?:unidades?|pecas?|units?|pieces?|piezas?))?"
_NONE_BEFORE: Final = re.compile(
    r"\b(?:(?:ficamos|estamos|seguimos|nos quedamos|quedamos) (?:sem|sin)|nada de|(?<!nao )(?<!no )falt(?:a|ou|aram)|"
    r"(?:aguard|esper)(?:amos|ando|o)(?: (?:a|la))? reposic\w+|"
    r"nao (?:encontrei|achei|localizei|consta[m]?|tenho|disponho|dispomos|vendemos|consegui(?:mos)? achar)(?: mais)?|"
    r"no (?:encuentro|encontre|consta[n]?|tengo|disponemos|dispongo|vendemos)(?: mas)?|"
    r"(?:par|deix)amos de (?:vender|trabalhar com)|dejamos de vender|nao trabalhamos mais com|ya no manejamos|"
    r"ja nao (?:ha|temos|tem|resta[m]?)|ya no (?:hay|tenemos|queda[n]?)|"
    r"nao (?:sobrou|sobraram|resta[m]?|restou|restaram|tem|ha|temos) (?:mais )?(?:nenhum[a]?)?|"
    r"no (?:nos |me |le )?queda[n]?|se (?:nos )?(?:acab|agot|termin)(?:o|aron)|"
    r"nenhum[a]?(?: unidade| peca)?|ningun[a]?(?: unidad)?|(?:zero|cero|0|no more|none)" + _UNITS + r"|"
    r"(?:ja )?vendemos (?:tod[oa]s?|o ultimo|a ultima)|vendimos tod[oa]s?|(?:we've |we |we have )?sold (?:all|"
    r"the last)|"
    r"(?:we're|we are|are|ran|run|have run|just ran) out|there(?:'s| is| are) no|we have (?:no|zero)|"
    r"we (?:do not|don't|no longer) (?:have|carry|sell|stock)|(?:fresh|clean) out)" + _ARTICLE
)
_LATELY: Final = (
    r"(?:,? (?:ja|ya|infelizmente|lamentablemente|unfortunately|no momento|por enquanto|por ahora|por agora|agora|hoje|"
    r"ahora|hoy|is|are|also|tambem|tambien|currently|all|already|sadly|tod[oa]s?|aqui)(?![a-z]))*"
)
_CLOSES: Final = (
    r"(?=\s*(?:$|[.,;:!)\n]|(?:no momento|por enquanto|por ahora|agora|ahora|hoje|hoy|em estoque|en stock|in stock|"
    r"na loja|en la tienda|mais|mas|aqui|now|left|anymore|any more|today|right now|infelizmente|e|y|and|mas|pero|but)"
    r"\b))"
)
_NONE_AFTER: Final = re.compile(
    _LATELY + r",? (?:nao (?:temos|tem|tenho|ha|sobrou|sobraram|resta[m]?|consta[m]?|vendemos|trabalhamos)(?: mais)?|"
    r"no (?:tenemos|tengo|hay|queda[n]?|nos queda[n]?|consta[n]?|vendemos)(?: mas)?|"
    r"(?:zerou|zeraram|acabou|acabaram|faltou|faltaram|esgotou|esgotaram)|(?:esta|estao) (?:em falta|faltando|"
    r"zerad\w+)|"
    r"(?:esta|estao) (?:aguard|esper)ando reposic\w+|aguarda[m]? reposic\w+|"
    r"(?:saiu|sairam|salio|esta|estao) (?:de|fora de) linha|(?:foi|foram|esta|estao|fue|fueron|is|are|was|were|has "
    r"been|been)? ?d[ei]scontin(?:uad\w+|ued)|"
    r"(?:foi|foram)? ?(?:ja )?(?:tod[oa]s? )?vendid[oa]s?(?! (?:em|por|com|a|separad\w+|junt\w+))|"
    r"se (?:nos )?(?:acab|agot|termin|vend)\w+|(?:se )?vendi(?:o|eron) tod[oa]s?|ya no esta[n]?|"
    r"no se encuentra[n]? disponibles?|nao se encontra[m]? disponive(?:l|is)|no tiene[n]? (?:stock|existencias)|"
    r"nao tem estoque|(?:has|have)? ?run out|ran out|gone|on backorder|missing from stock|out)" + _CLOSES
)
_SOME_BEFORE: Final = re.compile(
    r"(?:\bnao falta[m]?|\bno falta[n]?|(?<!nao )(?<!no )(?<!not )(?<!n't )(?<!sem )\b(?:(?:posso|consigo|podemos|"
    r"da (?:para|pra)|puedo|podemos|"
    r"(?:i|we) can|pode|podes|voce pode|puede[s]?|you can|can)"
    r"(?: (?:ja|ya|sim|si|te|lo|le|se|so|tambem|also|already))* (?:levar|compr\w+|separ\w+|reserv\w+|peg\w+|"
    r"mand\w+|envi\w+|llev\w+|apart\w+|buy|take|get|order|grab|send|ship|reserve|set aside)|"
    r"tenho(?: sim)?|tengo|i have|sobr(?:ou|aram)|(?:ainda |todavia |aun |si )?(?:rest|qued)a[mn]?|"
    r"(?:nos|me) queda[n]?|(?:encontrei|achei|localizei|encontre)|(?:cheg|lleg)(?:ou|aram|o|aron)|"
    r"we(?:'ve| do)? (?:have|got)|just arrived))" + _ARTICLE
)
_SOME_AFTER: Final = re.compile(
    _LATELY + r",? (?:tem(?: sim)?(?: de sobra| aos montes)?|temos(?: sim)?|(?:si )?hay|(?:cheg|lleg)(?:ou|aram|o|"
    r"aron)|(?:esta|estao|estan) na? "
    r"(?:loja|pronta entrega|venda|la tienda|la venta)|(?:esta|estao) a (?:venda|pronta entrega)|"
    r"(?:pode|podem|puede[n]?|can) (?:ja )?(?:ser|be) (?:comprad\w+|levad\w+|reservad\w+|bought|ordered|reserved)|"
    r"(?:just )?arrived|(?:is|are)? ?(?:back|here|ready to ship|on the shelf|on sale now)|nao (?:acabou|faltou|"
    r"esgotou)|"
    r"(?:segue[m]?|continua[m]?|sigue[n]?) (?:em estoque|a venda|en stock|na loja))" + _CLOSES
)
_BEFORE: Final = 60
"""So far before its name words may say whether there is any of a product."""


class Having(NamedTuple):
    """That there is some, or none, of a product: where it is said, its name included."""

    span: Span
    none: bool
    mention: Mention


def havings(reading: Reading, mentions: Sequence[Mention], clause_of: dict[Mention, Span]) -> Iterator[Having]:
    """What is said beside each name; `clause_of`: the clause each name stands in."""
    folded = reading.folded
    for mention in mentions:
        start, end = clause_of[mention]
        begins = max(start, mention.start - _BEFORE)
        for before, after, none in ((_NONE_BEFORE, _NONE_AFTER, True), (_SOME_BEFORE, _SOME_AFTER, False)):
            if found := before.search(folded[begins : mention.start]):
                yield Having((begins + found.start(), mention.end), none, mention)
                break
            if found := after.match(folded[mention.end : end]):
                yield Having((mention.start, mention.end + found.end()), none, mention)
                break
