"""What a company can be held to without a number: guarantees, gifts, bookings, refunds made, what a product withstands.

Such words are claims like any value: they need a text of this turn that says so about the same thing.
"""

from __future__ import annotations

import re
from typing import Final

from hub.truth_gate.claims.claims import Claim, Masked
from hub.truth_gate.language.quantity_words import AT_INTEREST

_DONE: Final = (
    r"aplicad\w+|applied|aprovad\w+|feit[oa]s?|realizad\w+|processad\w+|concluid\w+|liberad\w+|autorizad\w+|"
    r"efetuad\w+|depositad\w+|"
    r"approved|done|processed|issued|made|completed|aprobad\w+|hech[oa]s?|procesad\w+"
)
_HAS_BEEN: Final = r"(?:ja )?(?:foi|foram|esta|estao|ficou|fue|fueron|ha sido|was|were|has been|have been|is|are)"
_PROMISES: Final = {
    "guarantee": r"garanto|garantimos|garantido|garantizo|garantizamos|(?:i|we) guarantee|guaranteed",
    "best price": r"(?:menor|melhor|mejor|lowest|best|cheapest) (?:preco|precio|price)|"
    r"mais barat[oa]s? d[aoe] (?:cidade|regiao|brasil|mercado|bairro|mundo|internet|pais|estado)|"
    r"(?:match|beat) (?:[\w']+ ){0,3}(?:price|offer)s?|cobr(?:o|imos|iremos) (?:qualquer|o preco|a oferta|oferta|"
    r"preco)|price match\w*|precio mas bajo",
    "double": r"em dobro|o dobro|al doble|el doble|double (?:your|the) money|twice (?:your|the) money",
    "refund made": r"(?:reembolso|estorno|desconto|cupom|discount|coupon|descuento|cupon|devolucao|troca|refund|"
    r"exchange|return|cambio|devolucion)\b"
    rf"[^.!?\n]{{0,50}}? (?:{_HAS_BEEN} (?:ja )?(?:{_DONE})|(?:ja )?caiu)|(?:sera|serao|vai ser|"
    rf"will be) (?:estornad|reembolsad|refunded)\w*",
    "paid": rf"{_HAS_BEEN} (?:ja )?(?:pag[oa]s?|paid)|payment (?:received|confirmed)|pago (?:recibido|confirmado)|"
    r"pagamento (?:recebido|confirmado|aprovado)",
    "another price": r"(?:sob\w+|subi\w+|aument\w+|baix\w+|abaix\w+|cai\w*|goes up|went up|drops?|dropped|sube|"
    r"bajo|baja) (?:de |o |el |in )?(?:preco|precio|price)|(?:preco|precio|price) (?:\w+ )?(?:sobe|subi\w+|"
    r"aument\w+|baix\w+|cai\w*|goes up|drops?|dropped|sube|bajo|baja)",
    "on offer": r"(?:em|na|de|en) (?:promocao|oferta|promocion)|on (?:sale|offer)|com desconto|con descuento|"
    r"with a discount|preco especial|special price|ja comec\w+|has (?:started|begun)|ya empezo",
    "booked": rf"{_HAS_BEEN} (?:ja )?(?:marcad|agendad|reservad|separad|booked|scheduled|reserved)\w*|"
    r"\b(?:marquei|agendei|reservei|separei(?! (?:aqui |as |os |algumas |uns |umas )*(?:informac|opc|detalh|"
    r"sugest|dados|produtos))|ya reserve|i(?:'ve| have)? (?:booked|reserved|scheduled))",
    "done": r"(?:cadastro|conta|dados|endereco|senha|perfil|account|address|profile|password|cuenta|datos|direccion) "
    rf"(?:\w+ )?{_HAS_BEEN} (?:ja |ya |already )?(?:atualizad|alterad|corrigid|mudad|trocad|salv|updated|changed|saved|"
    r"corrected|actualizad|cambiad|corregid)\w*|(?:ja )?(?:atualizei|alterei|corrigi|mudei|salvei|ya actualice|"
    r"ya cambie) "
    r"(?:o|a|os|as|seu|seus|sua|suas|su|sus)\b|i(?:'ve| have) (?:updated|changed|corrected|saved) (?:your|the)\b|"
    r"(?:autorizou|aprovou|liberou|autorizaram|aprovaram|liberaram) (?:o |a |um |uma )?(?:seu |"
    r"sua )?(?:desconto|reembolso|troca|devolucao|"
    r"pedido|cancelamento|credito)|(?:ja )?(?:abri (?:um|o|uma|seu) (?:chamado|ticket|protocolo|solicitacao)|"
    r"cancelei|apliquei|estornei|reembolsei|emiti|transferi|dei baixa|liberei|autorizei|"
    r"enviei|despachei)|"
    r"(?:te |lo |la |le )+(?:aparte|reserve|cancele|aplique|envie|agende)|(?:ya )?(?:aparte|cancele|aplique|"
    r"reembolse)\b|"
    r"(?:i(?:'ve| have)?|we(?:'ve| have)) (?:just |already )?(?:issued|refunded|cancel+ed|applied|reserved|"
    r"scheduled|booked|sent|"
    r"shipped|processed|approved)",
    "order event": r"extraviad\w+|roubad\w+|devolvid[oa] ao remetente|voltou (?:para|ao) (?:o )?remetente|"
    r"(?:carteiro|entregador|motoboy|motorista|transportadora|courier|driver|cartero|"
    r"repartidor) (?:ja )?(?:tentou|passou|foi|"
    r"esteve|coletou|retirou|tried|came|intento|paso)|(?:tentativa de entrega|delivery attempt)|"
    r"(?:pagamento|payment|pago) [^.!?\n]{0,40}?(?:nao (?:foi|esta) \w+|nao (?:caiu|entrou|compensou|consta|"
    r"apareceu)|recusad\w|negad\w|pendente|declined|"
    r"refused|failed|"
    r"rechazado|no fue \w+)|(?:nota fiscal|nf|invoice|factura) (?:ja )?(?:foi|esta|was|has been|fue) \w+",
    "at once": r"na hora(?! d[aeo])|imediat\w+|instant(?!e)\w*|right away|immediate(?:ly)?|al instante|inmediat\w+",
    "no minimum": r"(?:sem|nao (?:ha|tem|temos|existe)) (?:\w+ )?minim[oa]|no minimum|without (?:a )?minimum|"
    r"sin (?:\w+ )?minimo",
    "no matter": r"(?:(?<!isso )mesmo|ainda) (?:sem|que|se|com|quando|depois|apos|fora)|incluso (?:sin|si|con|despues|"
    r"fuera)|aunque|"
    r"even (?:without|if|after|when|with|though)|independente(?:mente)? d[aeo]s?|sin importar|no matter|regardless",
    "lifetime": r"vitalici[oa]|lifetime|de por vida|para sempre|for life",
    "coupon": r"(?:vou|posso|quero) te (?:dar|mandar|enviar|liberar) (?:um|uma|o|a)\b|te (?:dou|mando|"
    r"libero) (?:um|uma)\b",
    "gift": r"voce ganha (?=[a-z])|"
    r"(?:ganhe|ganham?) (?:um(?! desconto de [\d\0])|uma|dois|duas|outr[oa])\b|vem com brinde|leva de presente|"
    r"(?:compre|leve|comprando|levando|compra|lleva|llevando|buy|pay for|get) [^.!?\n]{0,40}?(?:,| e| y| and)? "
    r"(?:voce |vc |te |you )?(?:ganh[ae][m]?|leva|get|receives?|recebe|regalamos|(?:we'll |we )give you) "
    r"(?:o|a|um|uma|outr[oa]|el|la|un|una|the|an?|another|mais um[a]?)\b(?! desconto)|"
    r"te regalamos|you get (?:a|an|one|another|two)\b",
    "back in stock": r"(?:volt\w+|vuelv\w+) (?:ao|em|para o|pro|a ter|al|a tener)(?: nosso)?(?: em)? (?:estoque|stock|"
    r"catalogo|loja|site|venda)|reposicao (?:chega|vem|prevista)|(?:nova|proxim[oa]) (?:remessa|lote|reposicao)|"
    r"(?:next|new) (?:shipment|batch|delivery of)|(?:will|'ll|going to) be back\b|back (?:by|in|on|"
    r"next) (?:\w+ )?(?:week|month|"
    r"january|february|march|april|may|june|july|august|september|october|november|december)|volta(?:ra|m)? (?:em|no|"
    r"na) "
    r"(?:janeiro|fevereiro|marco|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro|mes|semana)|"
    r"chega(?:m|ra|rao)? (?:mais|nova remessa|reposicao)|back in stock|restock\w*",
    "soon": r"(?:semana|mes) que vem|(?:na |no )?proxim[oa] (?:semana|mes)|next (?:week|month)|"
    r"la (?:proxima semana|semana que viene)",
}
_TRAITS: Final = {
    "bivolt": r"bivolt|dual voltage|bivoltaje",
    "waterproof": r"a prova d.? ?agua|impermeave(?:l|is)|waterproof|resistente(?:s)? a agua|water resistant",
    "vegan": r"vegan[oa]?s?|cruelty[- ]free",
    "gluten": r"(?:sem|sin) gluten|gluten[- ]free",
    "lactose": r"(?:sem|zero|sin) lactos[ea]|lactose[- ]free",
    "allergy": r"(?:hipo|anti)alergic[oa]s?|hypoallergenic|hipoalergenic[oa]s?",
    "induction": r"inducao|induction|induccion",
    "dishwasher": r"lava[- ]loucas|dishwasher|lavavajillas",
    "microwave": r"micro-?ondas|microondas|microwave",
}
_INTEREST_FREE: Final = re.compile(
    r"\b(?:sem juros|s/ ?juros|sin intereses|sin interes|interest[- ]free|no interest)\b"
)
_WITH_INTEREST: Final = re.compile(rf"\b(?:{AT_INTEREST})\b")
_NOT: Final = {
    "pt-BR": re.compile(r"\b(?:nao|nunca|nem|sem)\b[^.!?;,\n]{0,30}$"),
    "es": re.compile(r"\b(?:nao|no|nunca|ni|sin)\b[^.!?;,\n]{0,30}$"),
    "en": re.compile(r"(?:\b(?:no|not|never|without)\b|n't\b)[^.!?;,\n]{0,30}$"),
}
_ANSWERING: Final = re.compile(r"\b(?:respond\w+|resposta|respuesta|answer\w*|reply)\b")
"""The assistant itself answers at once."""
_NEAR: Final = 60


def _compiled(table: dict[str, str]) -> dict[str, re.Pattern[str]]:
    return {name: re.compile(rf"(?<!\w)(?:{words})(?!\w)") for name, words in table.items()}


_PROMISE_PATTERNS: Final = _compiled(_PROMISES)
_TRAIT_PATTERNS: Final = _compiled(_TRAITS)


def promises(masked: Masked) -> None:
    """Take promises, then what is said of products; "não serve em indução" is another claim than "serve"."""
    for name, pattern in _PROMISE_PATTERNS.items():
        for match in pattern.finditer(masked.text):
            if name != "at once" or not _ANSWERING.search(masked.text[max(0, match.start() - 40) : match.start()]):
                masked.take(Claim("promise", name, *match.span()))
    for match in _INTEREST_FREE.finditer(masked.text):
        if not _belongs_to_a_plan(masked, match.start()):
            masked.take(Claim("promise", "interest free", *match.span()))
    for match in _WITH_INTEREST.finditer(masked.text):
        masked.take(Claim("promise", "interest", *match.span()))
    for name, pattern in _TRAIT_PATTERNS.items():
        for match in pattern.finditer(masked.text):
            denied = _NOT[masked.locale].search(masked.text[max(0, match.start() - 40) : match.start()])
            masked.take(Claim("trait", f"no {name}" if denied else name, *match.span()))


def _belongs_to_a_plan(masked: Masked, start: int) -> bool:
    return any(claim.kind == "instalments" and abs(start - claim.end) < _NEAR for claim in masked.claims)
