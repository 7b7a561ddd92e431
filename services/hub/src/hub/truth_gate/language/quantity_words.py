"""The words around a number that say what it means: money, stock, instalments, limits, offers."""

from __future__ import annotations

import re
from typing import Final

from hub.truth_gate.language.vocabulary import CENTS, CURRENCY_AFTER, CURRENCY_BEFORE, ITEM_UNIT

LIST_NUMBER: Final = re.compile(r"(?m)^[^\w\n]*(?P<n>\d{1,2})\s?(?:[.)]|-|°|\*)(?=[\s*_])")
BEFORE_MONEY: Final = re.compile(rf"(?P<c>{CURRENCY_BEFORE})\s*$")
AFTER_MONEY: Final = re.compile(
    rf"\s*(?P<m>mil|k|milhao|milhoes|thousand)?\s*(?:de\s+)?(?P<c>{CURRENCY_AFTER})(?![\w$])"
)
MULTIPLIER: Final = re.compile(r"\s*(?P<m>mil|k|milhao|milhoes|thousand)(?![\w])")
CENTS_AFTER: Final = re.compile(rf"\s*(?:{CENTS})(?!\w)")
TIMES: Final = {"mil": 1000, "k": 1000, "thousand": 1000, "milhao": 10**6, "milhoes": 10**6}
PERCENT: Final = re.compile(r"\s*(?:%|por cento|por ciento|per ?cent|pct\b)")
_PERCENT_MEANS: Final = {
    "down": r"(?:de )?desconto|off|a menos|mais barat[oa]s?|menos car[oa]s?|mas barat[oa]s?|cheaper|discount|(?:de )?"
    r"descuento|menos(?! (?:barat|de))|de reducao",
    "up": r"mais car[oa]s?|mas car[oa]s?|menos barat[oa]s?|more expensive|dearer|a mais|(?:de )?(?:acrescimo|aumento|"
    r"juros|multa|recargo)|surcharge|extra|interest|increase",
    "part": r"(?:de |como )?(?:sinal|entrada|anticipo|enganche|deposit)|adiantad[oa]s?|upfront|down ?payment",
    "back": r"(?:\w+ ){0,4}?(?:de volta|em credito|cash ?back|back|de vuelta|en credito)",
}
_OF_PERCENT: Final = {
    name: re.compile(rf"\s*(?:sao |ficam |saem |are |is )?(?:{words})\b") for name, words in _PERCENT_MEANS.items()
}
_BEFORE_PERCENT: Final = {
    "down": re.compile(r"\b(?:desconto|descuento|discount)s? (?:\w+ ){0,2}?(?:de|of|e|is|es) $"),
    "up": re.compile(r"\b(?:acrescimo|aumento|juros|multa|recargo|surcharge|interest) (?:de|of) $"),
    "part": re.compile(r"\b(?:sinal|entrada|anticipo|enganche|deposit) (?:de|of) $"),
}


def percent_of(left: str, right: str) -> str:
    """What a percentage does: takes off (`down`), adds (`up`), is paid first (`part`), comes `back`; else empty."""
    after = (name for name, pattern in _OF_PERCENT.items() if pattern.match(right))
    before = (name for name, pattern in _BEFORE_PERCENT.items() if pattern.search(left))
    return next(after, next(before, ""))


INSTALMENT: Final = re.compile(
    r"\s*(?:x(?!\s*\d+\s*(?:cm|mm|m)\b)(?![a-z])|vezes|parcelas?|cuotas?|pagos|prestacoes|prestacao|"
    r"instal+ments?|meses sem juros|meses sin intereses|monthly payments)"
)
OF_AMOUNT: Final = re.compile(
    rf"\s*(?:sem juros |sin intereses |sin interes |interest-free )?\s*(?:(?:iguais|iguales|mensais|fixas|fijas|"
    rf"fixed)\s*)?(?:de|of|por|at|a)?\s*(?:{CURRENCY_BEFORE})?\s*$"
)
INTEREST_FREE: Final = re.compile(
    r"[\w\s,.$\0]{0,30}?\b(?:sem juros|s/ ?juros|nao (?:ha|tem) juros|sin intereses|sin interes|"
    r"interest[- ]free|no interest|"
    r"without interest)"
)
AT_INTEREST: Final = (
    r"(?<!nao )(?<!not )(?<!no )(?:ha|tem|com|cobr\w+|incid\w+|entram|mais|with|have|has|carr\w+|there is|"
    r"con|tienen?|hay|mas) (?:(?!sem |sin |no |nao |not |without )\w+ ){0,3}(?:juros|interest(?![- ]free)|"
    r"interes|intereses|acrescimo|recargo)|interest[- ]bearing"
)
WITH_INTEREST: Final = re.compile(rf"[\w\s,.$\0]{{0,30}}?\b(?:{AT_INTEREST})\b")
INTEREST_BEFORE: Final = re.compile(
    rf"\b(?:(?P<at>{AT_INTEREST})|(?:sem juros|sin interes(?:es)?|no interest)),? (?:[a-z]+ )*$"
)
COUNTED: Final = re.compile(
    r"\s*(?:opc\w+|coisas|cosas|things|ways|formas|maneiras|condic\w+|options?|opciones|tipos?|modelos?|models?|"
    r"cor(?:es)?|tamanhos?|sabores|lojas?|formas?|jeitos?|"
    r"promoc\w+|ofertas?|servicos?|dias?|anos?|horas?|pessoas?|vendedor\w*|vagas?)\b"
)
STOCK_BEFORE: Final = re.compile(
    r"\b(?:temos|sao|restam|resta|restaram|sobram|sobraram|ficaram|ha|tem|contamos com|dispomos de|contamos con|"
    r"disponemos de|"
    r"we(?:'ve| have) got|'ve got|we (?:currently |now |only |also )have|'ve|"
    r"estoque\s*(?:de|:|atual:?|e de)?|stock\s*(?:de|:|of|is)?|"
    r"tenemos|quedan|hay|"
    r"we (?:still )?have|there are|only|ultimas|ultimos|ultimas|last|disponiveis:?|disponibles:?|available:?|"
    r"in stock:?|"
    r"disponivel:|disponible:)"
    r"\s*(?:so|apenas|somente|ainda|solo|only|just|still|as|os|hoje|agora|aqui|currently|mais de|menos de|"
    r"pelo menos|mas de|al menos|"
    r"more than|less than|fewer than|over|under|at least|uma|una|exatamente|exactamente|exactly)?\s*$"
)
STOCK_AFTER: Final = re.compile(
    rf"\s*(?:(?:{ITEM_UNIT})\s*|(?!(?:dias?|reais|vezes|horas?|mes|meses|anos?|por|x|e|ou)\b"
    rf")[a-z]{{4,}}\s+)?(?:(?:are|is|estao|esta|estan)\s+)?(?:(?:ainda|still)\s+)?(?:em estoque|no estoque|"
    rf"em stock|disponive(?:l|is)|"
    rf"a pronta entrega|in stock|"
    r"left|available|on hand|a disposicao|a disposicion|en stock|disponibles?|restantes?|remaining|na loja|"
    r"en existencia)(?!\w)"
)
WITH_PIECES: Final = re.compile(
    r"(?:[,;:)\0]|estoque|disponivel|disponiveis|available|disponibles?|stock)\s*(?:e |and |y )?(?:com|with|"
    r"con)\s*(?:apenas |so |only |solo )?$"
)
"""After a value or a comma "com 25 unidades" says how many there are; after a name, what a pack holds."""
LAST_PIECES: Final = re.compile(r"\b(?:ultim[ao]s|last)\s*$")
PRICE_BEFORE: Final = re.compile(
    r"\b(?:custa\w*|custo\w*|cost\w*|cuesta\w*|cuestan|precos?|precios?|prices?|valor(?:es)?|sai\w*|sale[ns]?|"
    r"vale[mn]?|"
    r"fica(?!ram)\w*|por|for|apenas|total\w*|paga\w*|pay|a partir de|starting at|frete|envio|shipping)"
    r"\s*(?:e|is|are|es|son|sao|de|em|por|for|a|at|in|apenas|so|somente|only|solo|just|ser|seria|was|era|:|=|\s)*$"
)
OVER: Final = re.compile(
    r"\b(?P<s>acima de|mais de|depois de|apos|mas alla de|despues de|after|beyond|"
    r"pass?\w+ d[eo]s?|ultrapass\w+|exced\w+|exceeds?|super\w+ (?:os |los )?|"
    r"maior(?:es)? que|mas de|mayor(?:es)? (?:a|que)|over|above|more than)?"
    r"(?:a partir d[eoa]s?|falt\w+ pouco (?:para|pra)|(?<!nao )(?:cheg(?:ar|ando|ue|a|arem) a|ating(?:ir|indo|e)|"
    r"llega(?:r)? a|llegue a|reach(?:es)?)|superior(?:es)? a|igual ou superior a|minim[oa] (?:de|e|e de)|"
    r"minim[oa] of|minimum(?: of|"
    r" is)?|desde|at least|"
    r"from|starting (?:at|from)|somar(?:em)?|totalizar(?:em)?|(?:(?<=que )|(?<=compras )|(?<=compra )|"
    r"(?<=pedidos )|(?<=pedido ))(?:soma|totaliza)m?|(?<=compras )somando|pelo menos|"
    r"ao menos|al menos|no minimo|"
    r"minim[oa]s?\b(?:(?! e (?!de )| y (?!de )| and )[a-z ]){1,24}|minimum (?:(?! and )[a-z ]){1,24})?\s*$"
)
OVER_AFTER: Final = re.compile(
    r"\s*(?:ou mais|o mas|or more|no minimo|pelo menos|ao menos|al menos|at least|como minimo|\+(?! ?[\w$])|and up|"
    r"em diante|para cima|e acima|y superior)"
)
UNDER: Final = re.compile(
    r"\b(?P<s>quase|praticamente|almost|nearly|casi|abaixo de|menos de|menor(?:es)? (?:que|a)|"
    r"inferior(?:es)? a|nao (?:chega|chegam|passa|passam) (?:a|de)|under|below|less than|fewer than|"
    r"por menos de)?"
    r"(?:em ate|ate|no maximo|maxim[oa] (?:de|e|e de)|hasta|(?<!add )(?<!adds )up to|at most|maximum(?: of)?|"
    r"within|dentro de|"
    r"en hasta|maxim[oa]s?\b(?:(?! e (?!de )| y (?!de )| and )[a-z ]){1,24})?\s*$"
)
UNDER_AFTER: Final = re.compile(r"\s*(?:ou menos|o menos|or less|no maximo|at most)")
EACH: Final = re.compile(
    r"\s*(?:,\s*)?(?:cada|a unidade|por unidade|each|c/u|cada uno|la unidad|/\s?un\w*|per unit|apiece|por par|"
    r"/mes|por mes)"
)
EACH_BEFORE: Final = re.compile(
    rf"\b(?:cada(?: um[a]?| uno)?|por unidade|each|la unidad)[:,]? (?:por |a |de |is |are |sai por |custa |em )?"
    rf"(?:{CURRENCY_BEFORE})?\s*$"
)
RANGE: Final = re.compile(rf"\s*(?:a|ate|-|e|y|to|and|ou|or|hasta)\s*(?:as\s+)?(?:{CURRENCY_BEFORE})?\s*$")
_FEW: Final = r"\d|um|uma|dois|duas|tres|quatro|cinco|seis|uno|dos|cuatro|cinco|one|two|three|four|five|six"
_TAKE: Final = (
    r"(?:a cada|cada|every|leve|levar|leva|levando|lleva|llevas|lleve|llevando|compre|compra|comprando|buy|take|get|"
    r"buying)"
)
_PAY: Final = r"(?:pague|paga|pagas|pay(?: for)?|ganhe|get)\s+(?:so |apenas |somente |solo |only )?"
TAKE_PAY: Final = re.compile(
    rf"\b{_TAKE}\s+(?P<a>\d+|{_FEW})\b(?: (?!por|for)[a-z]+){{0,3}}?[\s,]*(?:e|y|and)?\s*(?:voce |you )?"
    rf"{_PAY}(?P<b>\d+|{_FEW})(?![\w]|[\d,.]*\s*(?:reais|%))"
    r"|(?<![\w,.])(?P<a2>\d)\s*(?:por|x|for)\s*(?P<b2>\d)(?![\w,.%]|\s*(?:x|vezes|r\$|reais|dias|un))"
    rf"|\b{_PAY}(?P<b3>{_FEW})(?: [a-z]{{3,}})?(?:,| e| y| and)*,? (?:voce |you )?(?:leve|leva|lleva|take|"
    rf"get) (?P<a3>{_FEW})\b"
    rf"|\b(?:de|a) cada (?P<a4>{_FEW}) [a-z]+,? (?:um|uma|1|uno|una) (?:sai|e|fica|es|sale) (?:de graca|gratis|"
    rf"gratuit[oa])"
)
SMALL: Final = {
    "um": 1, "uma": 1, "uno": 1, "one": 1, "dois": 2, "duas": 2, "dos": 2, "two": 2, "tres": 3, "three": 3, "quatro": 4,
    "cuatro": 4, "four": 4, "cinco": 5, "five": 5, "seis": 6, "six": 6,
}  # fmt: skip
BUNDLE: Final = re.compile(
    rf"\s*(?:{ITEM_UNIT}|(?!pedidos|encomendas|compras|orders)[a-z]{{3,}}s(?= (?:saem|salen|ficam|quedan|custam|"
    rf"cuestan|valem|valen|dao|dan|cost|come)\b))?\s*(?:por|for|saem (?:por|"
    rf"a)|somam|dao|totalizam|suman|dan|"
    rf"sai por|salen (?:por|a)|custam|cuestan|cost|valem|valen|quedan en|come to|ficam (?:em|"
    rf"por)|=)\s*(?:apenas|so|only|solo)?\s*(?:{CURRENCY_BEFORE})?\s*$"
)
BUNDLE_OF: Final = re.compile(
    rf"\s+(?!(?:reais|vezes|dias|meses|anos|horas|parcelas|minutos|semanas|days|times)\b)[a-z]{{3,}}s (?:por|for)\s*"
    rf"(?:apenas|so|only|solo)?\s*(?:{CURRENCY_BEFORE})?\s*$"
)
"""A bundle that names what is bundled: "duas velas por R$ 50,00"."""
WAS_NOW: Final = re.compile(
    rf"\s*(?:{CURRENCY_AFTER})?\s*,?\s*(?:por apenas|por so|por|agora por|agora|for only|for|now|ahora por|ahora|"
    rf"passou a|caiu para)\s*(?:{CURRENCY_BEFORE})?\s*$"
)
WAS: Final = re.compile(rf"\b(?:de|era|was|antes|from|custava)\s*:?\s*(?:{CURRENCY_BEFORE})?\s*$")
EQUALS: Final = re.compile(r"\s*=")
COMES_TO: Final = re.compile(
    r",?\s*(?:da|dao|sao|soma|somam|resulta\w*|totaliza\w*|is|makes|comes? to|suman?|son|dan?)\s+(?:no total\s+|"
    rf"en total\s+|um total de\s+)?(?:(?:{CURRENCY_BEFORE})\s*\d|\d[\d.,]*[.,]\d\d(?!\d))"
)
OF_EACH: Final = re.compile(r"\b(?:de|of)\b")
MODEL: Final = re.compile(r"\s*x\d")
"""The name of a thing after a number in words: "one X2"."""
TAKING: Final = re.compile(
    r"\b(?:quiser(?:em)?|pegar|pegando|levando|leva|leve|levar|lleva|lleve|comprando|taking|buying|llevando|llevas)\b"
)
AND_ALSO: Final = re.compile(r"[a-z ();-]{2,40}?(?:,| e| y| and)\s+")
"""Between two numbers of one list: "5 calças e 3 tênis"."""
HALF_A: Final = re.compile(r"\b(?:meia|meio|media|medio|half an?|half)(?=\s)(?!\s+(?:expediente|periodo|hour past))")
AND_A_HALF: Final = re.compile(r"\s+(?:e mei[oa]|y medi[oa]|and a half)\b")
THAN: Final = re.compile(
    r"\b(?:mais|menos|mas|more|less|cheaper|car[oa]s?|barat[oa]s?|conta|dearer) (?:do )?(?:que|than)\b"
)
"""What leads to the second term of a comparison."""
