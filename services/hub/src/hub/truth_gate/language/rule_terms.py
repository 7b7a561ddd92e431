"""Terms that everyday words give a rule: who may, from when on, how it changes, whose it is.

Each is told in a few ways in all our languages, and has to stand in a text like any value.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_THING: Final = (
    r"(?:fretes?|entregas?|taxas?|prec(?:o|io)s?|valor(?:es)?|prazos?|garantias?|descontos?|parcelas?|envios?|plazos?|"
    r"descuentos?|cuotas?|shipping|delivery|fees?|prices?|warrant\w+|discounts?|instal+ments?|creditos?|credits?|"
    r"reservas?|juros|intereses|interest|trocas?|devoluc\w+|exchange|returns?|ofert\w+|promoc\w+|offers?)"
)
_EVENT: Final = (
    r"compras?|pagamento|pago|payment|purchase|entrega|delivery|recebimento|receipt|recibo|recepcion|envio|despacho|"
    r"shipment|shipping|postagem|emissao|confirmac\w+|confirmation|pedido|order|matricula|aprovacao|retirada"
)
_OF_TALK: Final = (
    r"(?:duvidas?|dudas?|coisas?|cosas?|formas?|modos?|jeitos?|maneiras?|maneras?|perguntas?|preguntas?|questions?|"
    r"caso|case|imprevisto|novidade|problem\w*|further|other|outr[oa]s?|otr[oa]s?|one|informac\w+|information|"
    r"lugar(?:es)?|horas?|horarios?|valor(?:es)?|quantias?|momentos?|dias?|compras?|pedidos?|amount|time|day|place|"
    r"monto)"
)


class Term(NamedTuple):
    """How a reply tells a term, and how a text that has it does."""

    told: re.Pattern[str]
    read: re.Pattern[str]


def _term(told: str, read: str) -> Term:
    return Term(re.compile(told), re.compile(read))


TERMS: Final = {
    "for anybody, or anything": _term(
        rf"\b(?:qualquer|cualquier|any)(?! {_OF_TALK}\b) [a-z]+|\b(?:outras? pessoas?|terceir[oa]s|qualquer um|"
        r"someone else|any(?:one|body)|otras? personas?|cualquiera) (?:\w+ )?(?:pode[m]?|puede[n]?|can|may)\b",
        r"\b(?:qualquer|cualquier\w*|any\w*|outras? pessoas?|otras? personas?|terceir[oa]s|tod[oa]s?|every\w*|all)\b",
    ),
    "to be of the company": _term(
        r"\b(?:e|sao|is|are|es|son) (?:noss[oa]s?|nuestr[oa]s?|ours|propri[oa]s?|propi[oa]s?|our own)\b(?! [a-z]{3})",
        r"\b(?:noss[oa]s?|nuestr[oa]s?|our\w?|propri[oa]s?|propi[oa]s?|own)\b",
    ),
    "to change": _term(
        rf"\b{_THING}\b[^.!?\n]{{0,30}}\b(?:dobra[m]?|duplica[n]?|triplica[mn]?|sobe[m]?|sube[n]?|aumenta[mn]?|"
        r"diminu\w+|disminuy\w+|varia[mn]?|muda[m]?|cambia[n]?|reduz\w*|doubles?|var(?:y|ies)|(?:goes?|went) "
        r"(?:up|down)|changes?|depende[mn]?|depends?)\b(?!:| (?:entre|de|between|from)\b)",
        r"\b(?:dobr\w+|duplic\w+|triplic\w+|sob[ei]\w*|sub[ei]\w*|aument\w+|dimin\w+|vari\w+|mud\w+|cambi\w+|"
        r"reduz\w*|doubl\w+|var(?:y|ies)|(?:goes?|went) (?:up|down)|chang\w+|depend\w*|conforme|segun)\b",
    ),
    "to be added to another one": _term(
        r"\b(?:acumul(?:a|am|ar|avel|aveis|ativ\w+)|se som[ae]m?|combina[mn]?(?: com| con)?|stack\w*|se suma[n]?)\b",
        r"\b(?:acumul\w+|som[ae]\w*|combin\w+|stack\w*|sum[ae]\w*)\b",
    ),
    "as a favour": _term(
        r"\b(?:posso|consigo|podemos|conseguimos|vou|vamos|i can|we can|i'll|we'll|puedo) (?:te |lhe |le |you |ja )?"
        r"(?:adiantar|antecipar|estender|liberar|aplicar|dar|conseguir|fazer|manter|segurar|garantir|abrir|prorrogar|"
        r"give|apply|extend|keep|hold|make|get|adelantar|extender|aplicar|mantener|hacer) [^.!?\n]{0,20}"
        r"\b(?:descontos?|prec(?:o|io)|promoc\w+|ofertas?|cup(?:om|ons)|excec\w+|excepc\w+|discount|price|offer|"
        r"exception|deal|descuento|coupon)\b",
        r"(?!)",
    ),
    "without limit": _term(
        r"\b(?:sem|sin|without|no) (?:(?:nenhum[a]?|ningun[a]?|any|a) )?(?:prazos?|limites?|hora|data|vencimentos?|"
        r"validade|"
        r"restric\w+|condic(?:ao|oes|ion(?:es)?)\b|burocracia|plazos?|fecha|vencimiento|restriccion\w+|deadline|"
        r"limit|expiry|conditions?|"
        r"restrictions?)\b",
        r"\b(?:sem|sin|without) (?:prazo|limite|data|venc|validade|restric|condic|plazo|limit|deadline)\w*|ilimitad\w+|"
        r"unlimited",
    ),
    "of others' liking": _term(
        r"\bquem (?:(?:ja )?(?:compr|lev|us|prov|experiment|peg)\w+) [^.!?\n]{0,30}?(?:gost|ador|amou|amam|aprov|"
        r"elogi|recomend)\w*|"
        r"\b(?:clientes|todo mundo|customers|people|todo el mundo|everyone) (?:\w+ )?(?:gost|ador|amam|elogi|"
        r"recomend|procur|lov|"
        r"lik|encant)\w*|\b(?:vend(?:e|em|emos)|sa(?:i|em)|se vende[n]?) (?:muito|bastante|demais|que nem|mucho)\b|"
        r"\bsells? (?:really |very )?well\b|\b(?:fabricantes?|especialistas?|medic[oa]s?|dentistas?|veterinari[oa]s?|"
        r"manufacturers?|experts?|doctors?|vets?) (?:\w+ )?(?:recom+end|indica|aprova|approv|garant|guarant)\w*",
        r"(?!)",
    ),
    "to be new": _term(
        r"\b(?:acab(?:ou|aram) de (?:chegar|sair|lancar)|recem[- ](?:chegad|lancad)[oa]s?|just (?:arrived|came in|"
        r"launched)|"
        r"acaba[n]? de llegar|recien llegad[oa]s?)\b",
        r"\b(?:cheg\w+|nov[oa]s?|recem|new|arriv\w+|lleg\w+|lanc\w+|nuev[oa]s?)\b",
    ),
    "as a right": _term(
        r"\b(?:tem direito a|tens direito a|entitled to|eligible for|tiene derecho a|tienes derecho a)\b",
        r"\b(?:direito|entitled|eligible|derecho)\b",
    ),
    "to have moved": _term(
        r"\b(?:(?:nos )?mudamos(?: de| para)|we(?:'ve| have)(?: just)? moved|we moved|nos mudamos|"
        r"estamos de mudanca)\b",
        r"\b(?:mud\w+|mov\w+)\b",
    ),
    "to need an appointment": _term(
        r"\b(?:precisa[m]?|tem que|e (?:preciso|necessario)|must|needs? to|have to|hay que|necesita[s]?|"
        r"tiene que)(?: \w+)? "
        r"(?:agendar|marcar (?:hora|horario)|reservar|hora marcada|agendamento|book|reserve|an appointment|cita)\b",
        r"\b(?:agend\w+|marc\w+|reserv\w+|book\w*|appointment|cita)\b",
    ),
    "to be lost": _term(
        r"\bperde[mn]? (?:o|a|todo|el|la|su|seu|sua) (?:valor|dinheiro|dinero|sinal|credito|vaga|lugar)\b|"
        r"\bloses? (?:the|their|your) (?:money|deposit|credit|place)\b",
        r"\b(?:perd\w+|reembols\w+|multa\w*|los\w+|refund\w*)\b",
    ),
    "in no case": _term(
        r"\b(?:(?:em|en|in) (?:nenhum[a]?|hipotese|ningun[a]?|no) (?:caso|hipotese|alguma|case|circumstances)|"
        r"de jeito nenhum|"
        r"under no circumstances|no matter what)\b",
        r"\b(?:nenhum[a]?|hipotese|ningun[a]?|no case|circumstances|jamais|nunca|never)\b",
    ),
    "so often": _term(
        r"\b(?:uma|duas|tres|una|dos|\d) ve(?:z|zes|ces) (?:por|ao|a cada|al|a la|en) (?:dia|semana|mes|ano)|"
        r"\b(?:once|twice|three times) (?:a|per) (?:day|week|month|year)|\b(?:quinzenal|mensal|anual|quincenal|"
        r"bimestral)"
        r"(?:mente|mente)\b|\ba cada (?:quinze dias|15 dias|duas semanas|dois meses)",
        r"\b(?:ve(?:z|zes|ces)|once|twice|times|quinzen\w+|mensal\w*|anual\w*|cada)\b",
    ),
    "to bring something": _term(
        r"(?:^|[.!?,;] ?)(?:por favor,? |please,? )?(?:leve|traga|traiga|trae|lleve|bring) (?:(?:o|a|os|as|seu|sua|"
        r"su|tu|"
        r"your|the|um|uma|un|una|an?) )?(?:propri[oa] |propi[oa] |own )?[a-z]{3,}",
        r"\b(?:lev[ea]\w*|trag\w*|traz\w*|bring\w*|traig\w+|llev\w+|apresent\w+|present\w+)\b",
    ),
    "to go on for longer": _term(
        r"\b(?:estend\w+|prorrog\w+|extend\w*|extiend\w+|renov(?:amos|a|e|ar)|renew\w*|prolong\w+)\b",
        r"\b(?:estend\w+|prorrog\w+|extend\w*|extiend\w+|renov\w+|renew\w*|prolong\w+)\b",
    ),
}
"""By what a rule is said with it."""
FROM_WHEN: Final = re.compile(
    r"\b(?:cont(?:a|am|ad[oa]s?|ando|amos)|cuenta[n]?|comec[ao][mr]?|comeca[m]?|empieza[n]?|inicia[m]?|corre[m]?|"
    r"vale[m]?|starts?|begins?|counts?|counted|runs?|sao) (?:a contar |a partir |ja |a correr |from |on |with |upon |"
    r"at )*"
    r"(?:(?:d|n|pel)[aeo]s?|com|con|em|desde|en|the|your|del?|el|la)(?: (?:a|o|la|el|sua|seu|your|the))? "
    r"(?:(?:data|dia|momento|hora|fecha|date|day|moment|time) (?:d[aeo]s? |del? (?:la )?|of (?:the |your )?))?"
    rf"(?P<what>{_EVENT})\b"
)
"""From what event on a length of time is said to run."""
FROM_WHEN_READ: Final = re.compile(
    r"\b(?:depois|apos|a partir|a contar|contad[oa]s?|after|from|desde|despues|following|(?:dias?(?: uteis)?|days?|"
    r"horas?|meses)(?= (?:d[aeo]s?|of) )) (?:(?:d[aeo]s?|de la|del?|the|o|a|your|la|el|sua|seu|of|que|data|dia|date|"
    r"of) )*"
    r"(?P<said>(?:\w+ ){0,2}\w+)"
)
COVERS: Final = re.compile(
    r"\b(?:cobre[m]?|cubre[n]?|covers?|abrange[m]?|inclui|incluem|incluye[n]?|includes?) (?P<what>[^.!?;\n]+)"
)
"""What is said to be covered, or included."""
CHANNELS: Final = {
    "in the shop": re.compile(
        r"\b(?:n[ao]s? (?:noss[ao]s? )?lojas?(?: fisicas?)?|in(?: the| our)? (?:store|shop)s?|"
        r"en (?:la )?tiendas?)\b"
    ),
    "online": re.compile(
        r"\b(?:n[oa]s? (?:noss[oa]s? )?(?:site|pagina|internet)|online|on (?:the|our) (?:web)?site|"
        r"en (?:la )?web|"
        r"en (?:el|nuestro) sitio)\b"
    ),
    "in the app": re.compile(
        r"\b(?:n[oa]s? (?:noss[oa]s? )?(?:aplicativo|app)|in (?:the|our) app|en (?:la )?(?:app|"
        r"aplicacion))\b"
    ),
}
"""Where an offer can be had."""
BUYING_OF: Final = re.compile(
    r"\b(?:n[ao]|with the|on the|en la|con la|pela|with) (?:compra|purchase) (?:d[aeo]s?|of|del?) (?:(?:um|uma|a|an|"
    r"un|una|o|os|as|"
    r"la|el|the) )?(?P<what>[a-z]{4,})"
)
"""What has to be bought for it."""
VALID_FOR: Final = re.compile(
    r"\b(?:vale[m]?|serve[m]?|(?:e|sao) valid[oa]s?|sirve[n]?|es valido|applies|apply|is valid|aplica-se|"
    r"se aplica[mn]?)(?: so| "
    r"apenas| tambem| only| also| solo| tambien)? (?:para|pra|pro|ao?|aos|as|for|to|em|no|na|nos|nas|en) "
    r"(?:(?:o|a|os|as|el|la|los|las|the|seu|sua|tod[oa]s?) )*[a-z]{4,}"
)
"""What something is said to be good for."""
ENOUGH: Final = re.compile(
    r"\b(?:basta[n]?|so (?:e )?precisa(?: de)?|e so (?=(?:apresent|traz|lev|inform|diz|mostr|ter)\w*)|"
    r"solo (?:necesita|hay que)|"
    r"all you need is|you only need)(?! (?:me |nos |us )?(?:cham|avis|respond|clic|escrev|acess|falar|pedir|"
    r"perguntar|mandar|"
    r"enviar|entrar|tocar|let|call|ask|click|escrib|avisa)\w*) (?P<what>[^.!?;:,\n]+)"
)
"""What is said to be all that is needed."""
FORBIDDEN: Final = re.compile(
    r"\b(?:nao (?:e possivel|da (?:para|pra)|se pode|pode[m]?)|no (?:es posible|se puede|puede[n]?)|(?:can't|cannot|"
    r"can not)(?: be)?|"
    r"it's not possible to) (?:mais |mas |ser )?(?P<verb>(?:cancel|remarc|troc|devol|desist|retir|parcel|cambi|"
    r"return|exchang)[a-z]*)"
)
"""What is said not to be possible."""
ONLY_TAKEN: Final = re.compile(
    r"\b(?:(?:so|apenas|somente|exclusivamente|solo|only|we only|solamente|unicamente) (?:se )?(?:aceit\w+|receb\w+|"
    r"trabalh\w+ com|acept\w+|recib\w+|accept|take)|(?:aceit\w+|receb\w+|acept\w+|recib\w+|accept|take) "
    r"(?:so|apenas|somente|exclusivamente|solo|only|solamente|unicamente))\b"
)
"""That nothing else is taken as payment."""
CHARGED: Final = re.compile(
    r"\b(?:(?:a gente |nos )?cobra(?:mos|-se)?(?: uma taxa| uma tarifa| un cargo)?|we charge(?: a fee)?|(?:ha|tem|"
    r"existe|hay|"
    r"there is|there's) (?:(?:uma?|una?|an?) )?(?:taxa|custo|tarifa|cargo|fee|charge|costo)(?: extra| adicional)?|"
    r"(?:tem|tiene|has) (?:custo|costo|a cost)) (?:para|pra|pel[oa]s?|por|for|a|to|de) (?P<what>[^.!?,;\n]+)"
)
"""What is said to cost something."""
