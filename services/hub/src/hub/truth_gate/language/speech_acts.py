"""Clauses that tell nothing of the company and its goods, by their shape: wishes, feelings, asking for data, advice.

What the writer and the team do in this conversation is talk as well: closed classes of verbs of talking (ask, answer,
check, call somebody) and of the customer's part in it (send, repeat, wait).
"""

from __future__ import annotations

import re
from typing import Final

from hub.truth_gate.language import moods

TALKING: Final = re.compile(
    r"ajud|verific|confirm|confir|confer|consult|pergunt|respond|avis|inform|fal(?:[aoeu]|ei|ou|ar|am|aria)|"
    r"di(?:z|g|ss)|conversa|comunic|chama|cham(?:o|e|ou|ei)|encaminh|direcion|repass|retorn|agradec|lament|sent(?!a)|"
    r"sint|entend|compreend|desculp|esper|aguard|desej|ach[aoeu]|acredit|pref(?:er|ir)|explic|orient|anot|escrev|"
    r"cont(?:a|e|o|ar|ou|em)$|olh|procur|suger|recomend|indi[cq]|tent|coment|esclarec|apont|ouv|ouc|leia|ler|"
    r"acompanh|resolver$|atualiz|acontec|encontrar$|ve(?:r|ja|jo|mos)$|"
    r"ayud|verifiqu|pregunt|respuest|escrib|habl|llam|agradezc|sient|entiend|dispens|cuent|deci|pasa$|"
    r"help|check|ask|answer|repl(?:y|ies)|tell|told|say|let$|know|contact|message|writ|talk|speak|call|pass|hope|"
    r"understand|thank|apologi|appreciat|see$|wait|guess|think|assist|explain|continu|segu(?!r)|happen|"
    r"thrill|ador|amar$|gostar$|precisamos$|necesitamos$|need$"
)
"""Beginnings of verbs of a conversation, whoever does it."""
CUSTOMER_DOES: Final = re.compile(
    r"(?:mandar|enviar|passar|pasar|ficar|quedar|deixar|estar|repetir|ligar|clicar|contar|imaginar|mandarl[ao]|olhar|"
    r"pensar|acreditar|acessar|ver|seguir|agendar|click|send|repeat|imagine|rest|feel|visit|follow|find|reach)"
)
"""What a customer does in a conversation."""
TO_US: Final = re.compile(
    r"\b(?:me|nos) [a-z]+|\b[a-z]+(?:-me|-nos|rme|rnos)\b|"
    r"\b(?:send|tell|give|write|call|contact|text|ask|show|message|let|reach|email) (?:me|us)\b"
)
TEAM: Final = re.compile(
    r"\b(?:equipe|time|pessoal|equipo|team|atendentes?|colegas?|colleagues?|gerentes?|pessoa|persona|person|alguem|"
    r"alguien|"
    r"someone|somebody|especialistas?|responsavel|responsable|humano|companer[oa]s?|who|"
    r"(?:pessoas|personas|people) (?:da|de|del|of|from|on))\b"
)
WHEN: Final = re.compile(
    r"\b(?:hoje|hoy|today|amanha|tomorrow|tonight|na hora|no momento|rapidinho|rapido|em segundos|en segundos|"
    r"a qualquer hora|at once|any ?time|(?:in a|en un|em um) (?:minut[eo]|second|segundo)|"
    r"e[mn] minutos)\b"
)
"""A time that somebody may count on: with it, even an answer is promised."""
_WISHING: Final = re.compile(
    r"\W*(?:(?:e|y|and|mas|but|pero) )?(?:que (?!(?:e|tem|vem|sao|es|tiene) )|tomara|espero|esperamos|ojala|"
    r"(?:i |we )?hope|desejo|desejamos|lamento|"
    r"feliz|felices|happy|boa|boas|bom|bons|bem-vind|buen[oa]?s?|have a|good|best|muito obrigad|obrigad|valeu|"
    r"(?:muchas )?gracias|thank|parabens|congrat|sorry|desculp|perdao|perdon|disculp|e uma pena|(?:e|foi|"
    r"sera) um prazer|"
    r"(?:es|fue) un placer|it(?:'s| is| was) a pleasure|glad|(?:esta )?tudo (?:bem|certo|otimo|joia)|todo bien|"
    r"all good|you(?:'re| are) (?:welcome|right)|(?:voce )?tem razao|tiene[s]? razon|vamos la\b|see you|talk soon|"
    r"(?:that's|that is|isso e|eso es) (?:great|good|fine|right|wonderful|lovely|too bad|otimo|chato|verdade|bueno)|"
    r"fica (?:de olho|tranquil|a vontade|ligad)|(?:nos )?(?:adoramos|amamos|gostamos|nos encanta)|we love|fique|"
    r"(?:(?:e|era|seria) )?(?:so )?isso(?: ai)?\W*$|(?:eso )?(?:es|seria) (?:eso|todo)\W*$|that(?:'s| is) (?:it|"
    r"all)\W*$|"
    r"nao se preocup|no se preocup|no te preocup|isso mesmo|imagina|(?:entao )?vale a pena\W*$)"
)
_HERE: Final = re.compile(
    r"\W*(?:(?:e|y|and|sempre|siempre|aqui|nos|nosotros|qualquer coisa|a equipe|we|i) )*"
    r"(?:estamos?|estou|estoy|ficamos?|fico|quedo|quedamos|seguimos|sigo|we are|we're|i am|i'm|are) "
    r"(?:sempre |siempre |always |todos )?(?:aqui|aca|por aqui|a (?:sua |su |tu )?disposi\w+|here|feli(?:z|ces|"
    r"zes)|happy|prontos?|listos?|para (?:ayudar|ajudar|servir(?:l[aeo]s?|te)?\W*$|o que))"
)
_ME: Final = re.compile(
    r"\W*(?:(?:e|y|and|aí|então|depois|só|já|se) )*(?:(?:me|nos) [a-zà-ÿ]+|[a-zà-ÿ]{3,}[ae](?:me|nos)|tómese)\b", re.I
)
"""On the text as it is written: "nos" is no "nós"."""
_NOT_KNOWN: Final = re.compile(
    r"\b(?:nao|no|not|isn't|aren't|don't) (?:\w+ )?(?:tem|temos|tenho|ha|esta|estao|consta|aparece|vi|achei|"
    r"encontr\w+|tengo|tenemos|hay|have|in|is|find|see|match|bate|coincide)\b[^.!?]* ?(?:informac\w+|dados?|detalh\w+|"
    r"cadastro|sistema|registro|details?|information|records?|datos?|info|resposta|certeza)\b|"
    r"\b(?:informac\w+|resposta|dados?|detalh\w+|information|datos?) (?:eu |yo )?(?:nao|no|not|isn't) "
)
_I_CAN: Final = re.compile(
    r"\b(?:o|lo) que (?:(?:eu|te|lhe) )*(?:posso|consigo|sei|tenho|vi|puedo|se|tengo)\b|\bwhat i \w+"
)
_OF_THE_TALK: Final = re.compile(
    r"\W*(?:(?:e|y|and|mas) )?(?:(?:ess[ea]|est[ea]|esa?|ese|sua?|a|o|la|el|your|this|that|the|"
    r"our) )*(?:seu )?(?:(?:is|e|es) (?:(?:a|uma|una) )?)?"
    r"(?:perguntas?|preguntas?|questions?|mensage[mn]s?|mensajes?|messages?|conversas?|conversacion|conversation|"
    r"assuntos?|asuntos?|duvidas?|dudas?|respostas?|respuestas?|answers?|opini\w+|opinions?|feedback|fotos?|photos?|"
    r"audios?|contato|contacto|code|codigo)\b"
)
"""A thing of the conversation, as what a clause is about."""
_IMPORTANT: Final = re.compile(r"\b(?:seu|sua|su|your) [a-z]+ (?:e|es|is) (?:(?:muito|muy|very) )?(?:importante?)\b")
_ADVISING: Final = re.compile(
    r"[^.!?]{0,24}?\b(?:vale(?: a pena)?|o (?:melhor|ideal) e|e melhor|lo mejor es|conviene) [a-z]+[aei]r\b|"
    r"\W*it's best to "
)
_BIDDING: Final = re.compile(
    r"[^.!?]{0,24}?\b(?:(?:e|es|eh) (?:so|solo)|basta|(?<!\w )just|feel free to)(?: que| de| to)? (?:(?:me|te|nos) )?"
    r"(?P<verb>[a-z]+[aei]r(?:me|nos|lo|la)?|(?<=just )(?!so\b)[a-z]+|(?<=to )[a-z]+)\b"
)
_YOU: Final = re.compile(r"\b(?:voces?|vc|o senhor|a senhora|you|usted(?:es)?|tu) ")
_YOUR_MIND: Final = re.compile(
    r"(?:voces?|vc|o senhor|a senhora|you|usted(?:es)?|tu) (?:(?:ja|ainda|nao|tambem|mesmo|mesma|so|que|just|"
    r"'ve|'re|have|are|esta|estava|ha|ya|te|se|me) )*"
    r"(?:[a-z]+(?:ou|eu|iu|ndo|aste|iste|aram|eram)|quer\w*|prefer\w*|precis\w*|procur\w*|busc\w*|mor[ao]\w*|vive\w*|"
    r"quis|fez|disse|foi|est[ae]|tinha|want\w*|need\w*|like\w*|said|asked|told|sent|mentioned|bought|live|wrote|"
    r"[a-z]+ed|[a-z]+ing|quier\w*|necesit\w*|gost\w*|ador\w*)\b"
)
"""What the customer wants, likes, said, or did."""
_FOR_YOU: Final = re.compile(
    r"[^.!?]{0,16}?\b(?:te|lhe|le|se l[oa]) (?:dou|doy|entrego|levo|llevo|troco|cambio|pago|deixo|dejo|faco|hago|"
    r"compro|monto)\b|\W*(?:(?:eu|yo|i|sim|si|yes|claro|e|mas) )*(?:dou|doy|entrego|troco|faco|hago)\b|"
    r"[^.!?]{0,16}?\b(?:vou|voy a|i'll|i will) (?:(?:te|lhe|le) )?(?:dar|deixar|dejar|entregar|levar|llevar|trocar|"
    r"fazer|hacer|buscar|preparar|montar|pagar|mudar|give|bring|deliver|make|prepare|get|keep|change)\b"
    r"(?! (?:(?:in |you )?(?:someone|somebody|a colleague|a person|a human)|uma olhada|a sua pergunta|sure|registrad|"
    r"anotad))|"
    r"[^.!?]{0,16}?\b(?:ja|ya|already) (?:(?:te|lo|la|le) )?(?:deixei|fiz|resolvi|mudei|troquei|paguei|dei|hice|cambie|"
    r"pague|resolvi|changed|paid|fixed|solved|did)\b"
)
"""What the writer cannot do: all it does is talk."""
_ANSWERING: Final = re.compile(r"\b(?:respond\w+|answer|reply)\b")
"""What the assistant does at once."""
_DENIED: Final = re.compile(r"\W*(?:[a-z']+,? ){0,2}(?:nao|no|not|can't|don't)\b")


_COMES: Final = re.compile(
    r"\W*(?:(?:e|sim|claro|ja|tambem),? )*vem (?![a-z]+[aei]r\b|aqui|pra|para|com a gente|conosco|que |nos )|"
    r"\W*(?:le |se )?va a "
)
"""Who or what comes, or is going to: no bid."""


_HANDS_OVER: Final = re.compile(
    r"\W*(?:(?:so|then|and|e|y|ai|entonces) )*(?:(?:i'll|i will|let me|we'll) (?:get|bring in|find|fetch|"
    r"call in) (?:you )?"
    r"(?:someone|somebody|a (?:colleague|person|human))|(?:enseguida |logo |em breve )?(?:(?:a colleague|someone|"
    r"somebody|a person|"
    r"uma? (?:pessoa|colega)|alguem|alguien|una persona|un companero)(?: (?:from the|of the|d[ao]|del) (?:team|"
    r"equipe|equipo|time))?)"
    r" (?:will |vai |va a |le |te )*(?:take (?:it|over)|continue|continuar|assum\w+|segue|seguir|sigue|atiende|"
    r"atende))\b"
)
"""That a person goes on with the conversation."""


def says_nothing_of_us(text: str, folded: str) -> bool:
    """Whether a clause only wishes, feels, supposes, or says what is not known."""
    if moods.supposes(folded) or _WISHING.match(folded) or _ME.match(text):
        return True
    if _HANDS_OVER.match(folded) and not WHEN.search(folded):
        return True
    here = _HERE.match(folded) or _OF_THE_TALK.match(folded) or _IMPORTANT.search(folded)
    return bool(_I_CAN.search(folded) or _NOT_KNOWN.search(folded) or (here and not WHEN.search(folded)))


def promises_by_itself(folded: str) -> bool | None:
    """Whether a writer who speaks of itself promises a time, or what it cannot do; nothing where it does not."""
    if not moods.speaks_of_itself(folded):
        return None
    if _ANSWERING.search(folded):
        return False
    return not _DENIED.match(folded) and bool(WHEN.search(folded) or _FOR_YOU.match(folded))


def advises(folded: str) -> bool | None:
    """Whether the customer is told what to do in this conversation or with good sense; `False`: told something else."""
    if bid := _BIDDING.match(folded):
        return bool(TALKING.match(bid["verb"]) or CUSTOMER_DOES.match(bid["verb"]) or TO_US.search(folded))
    if (moods.bids(folded) and not _COMES.match(folded)) or _ADVISING.match(folded):
        return True
    you = _YOU.search(folded)
    return True if you and _YOUR_MIND.match(folded, you.start()) else None
