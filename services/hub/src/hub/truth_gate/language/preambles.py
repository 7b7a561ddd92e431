"""What a reply says of its own telling: "pelo que vejo aqui,", "vi no sistema que", "a boa notícia é que".

Such words state nothing of the company or its goods. They are blanked before a text is read, so that what follows is
read as if it stood alone, neither excused nor made suspect by them.
"""

from __future__ import annotations

import re
from typing import Final

_SOURCE: Final = (
    r"(?:sistemas?|cadastros?|registros?|catalogo|tabela|dados|informac[a-z]+|records?|system|catalog(?:ue)?|info)"
)
_WHERE: Final = (
    rf"(?: (?:aqui|agora|mesmo|ca|por aqui|hoje|para voce|pra voce|certinho|rapidinho|com calma|na (?:minha )?tela|"
    rf"(?:no|em nosso|no nosso|na nossa|na|en el|en nuestro) {_SOURCE}|here|now|for you|(?:in )?(?:our|"
    rf"the) {_SOURCE}|"
    r"ahora|para ti|para usted))*"
)
_SAW: Final = (
    r"(?:vi|vejo|verifiquei|conferi|consultei|chequei|olhei|confirmei|(?:dei|dando) uma (?:olhada|olhadinha|"
    r"conferida)|"
    r"fui (?:ver|conferir|olhar)|acabei de (?:ver|verificar|conferir|consultar|checar|olhar|confirmar)|"
    r"(?:ya )?(?:revise|verifique|consulte)|veo|acabo de (?:ver|revisar|verificar|consultar|checar|confirmar)|"
    r"(?:i )?(?:just )?(?:checked|looked it up|had a look|confirmed)|i(?:'ve| have) (?:just )?(?:checked|"
    r"confirmed)|i see)"
)
_SAY: Final = (
    r"(?:(?:posso|podemos|quero|queria) (?:te |lhe )?(?:confirmar|dizer|adiantar|informar|lembrar|avisar)|"
    r"(?:(?:ja |so )?(?:te|lhe) )?(?:confirmo|informo|aviso|adianto|lembro|conto|digo|explico)|"
    r"(?:(?:aqui|por aqui|me|te) )?(?:consta|aparece)|tenho aqui|esta aqui|"
    rf"(?:aqui|(?:o|nosso|meu|o nosso|el|nuestro) {_SOURCE}) (?:me )?(?:consta|diz|mostra|aparece|indica|informa|"
    r"muestra|dice)|"
    r"(?:so )?(?:lembrando|avisando|confirmando|reforcando|informando|recordando)|"
    r"vale (?:a pena )?(?:lembrar|dizer|destacar|ressaltar|notar)|(?:so )?(?:para|pra) (?:lembrar|confirmar|"
    r"reforcar)|"
    r"e (?:bom|importante|legal|sempre bom) (?:saber|lembrar|destacar|ressaltar)|acontece|ocorre|"
    r"a (?:boa|otima) noticia e|o (?:bom|legal|importante|que (?:sei|tenho|posso dizer)(?: aqui)?) e|"
    r"a verdade e|o fato e|saiba|lembre(?:-se)?(?: de)?|note|repare|"
    r"(?:le|te) (?:confirmo|informo|cuento|comento|aviso|digo|recuerdo)|(?:puedo|podemos) (?:confirmar|"
    r"decir)(?:te|le)?|"
    r"(?:es )?importante (?:saber|recordar)|la buena noticia es|recuerd[ae]|ten en cuenta|"
    r"(?:i can|i'd like to|we can|just to) (?:confirm|say|tell you)|(?:just )?(?:letting you know|to let you know)|"
    r"(?:please )?(?:note|remember|keep in mind)|the good news is|it (?:looks|seems|appears))"
)
_ACCORDING: Final = (
    rf"(?:(?:segundo|conforme|de acordo com|com base em|pel[oa]s?|segun|de acuerdo con|according to|per|based on) "
    rf"(?:(?:o|a|os|as|el|la|the) )?(?:(?:noss[oa]s?|meus?|minhas?|nuestr[oa]s?|our|my) )?{_SOURCE}"
    r"(?: (?:aqui|da loja|interno|de dados|que (?:eu )?(?:tenho|temos|recebi|vejo)(?: aqui)?))?|"
    r"(?:pelo|segundo o|conforme o|de acordo com o|por lo) que (?:eu |me |te |nos )?"
    rf"(?:vejo|vi|consta|sei|tenho|temos|aparece|verifiquei|consultei|conferi|chequei|veo|se|tengo){_WHERE}|"
    rf"(?:ate onde|hasta donde) (?:eu |yo )?(?:sei|vejo|se|veo){_WHERE}|"
    rf"(?:from what|as far as) i (?:can )?(?:see|know|have|tell){_WHERE})"
)
_YOUR_QUESTION: Final = (
    r"(?:a |o |la |el )?(?:su[ao]|tua?|your) (?:pergunta|duvida|questao|mensagem|pregunta|duda|question)"
)
_MARKER: Final = (
    rf"(?:(?:respondendo(?: a)?|sobre|quanto a|em relacao a|respondiendo(?: a)?|about|regarding|"
    rf"to answer) {_YOUR_QUESTION}|"
    r"(?:so )?(?:para|pra) (?:confirmar|resumir|reforcar|voce ter uma ideia)|so confirmando|"
    r"como (?:voce|o senhor|a senhora) (?:pediu|perguntou)|e o seguinte|na verdade|ou seja|em resumo|resumindo|"
    r"vamos la|respondendo|deixa eu (?:te )?(?:explicar|contar|ver)|"
    r"(?:sim|claro|nao),? senhora?|asi es|olha(?: so)?|veja(?: so)?|entao|bom|bem|mira|bueno|well|so|actually|"
    r"just to confirm|"
    r"in short|quick answer|en resumen|o sea|(?:(?:meu|minha|mi|my) )?(?:amig[oa]|querid[oa]|friend|dear))"
)
_ONE: Final = re.compile(
    rf"(?:{_SAW}{_WHERE}(?:(?: que| that)\b(?! (?:voce|vc|o senhor|a senhora|tu|usted|you)\b)|,? (?:e|y|and)\b|[:,])|"
    rf"{_SAY}{_WHERE}(?: que\b| that\b| like\b|:)|it (?:looks|seems) like\b|looks like\b|"
    rf"i (?:can )?see(?= (?:we|it|they|the|there)\b)|{_ACCORDING},|{_MARKER}[,:]|"
    r"(?:entao|ai|entonces)(?= (?:[oa]s?|el|la|l[oa]s|n[oa]s?|em|en|para|com|con|se)\b))\s"
)
_BEGINNING: Final = re.compile(
    r"(?:^|[.!?…:;\n)\u2600-\u27bf\U0001f300-\U0001faff]\s+|\b(?:e|mas|y|pero|and|but),? )[\W_]*"
)
_MY_NAME: Final = re.compile(
    r"(?:Aqui (?:é|quem fala é)|aqui (?:é|quem fala é)|[Mm]e chamo|[Mm]eu nome é|[Mm]e llamo|[Mm]i nombre es|"
    r"[Mm]y name is) "
    r"(?:[ao] )?[A-ZÀ-Ý][a-zà-ÿ]+(?=[,.!])"
)
_FOR_EXAMPLE: Final = re.compile(r", (?:por exemplo|por ejemplo|for example|for instance),?(?= )")


def without_preambles(text: str, folded: str) -> tuple[str, str]:
    """Both forms of a text with such words blanked; positions stay."""
    spans = [match.span() for match in _FOR_EXAMPLE.finditer(folded)] + [m.span() for m in _MY_NAME.finditer(text)]
    for beginning in _BEGINNING.finditer(folded):
        end = beginning.end()
        while found := _ONE.match(folded, end):
            end = found.end()
        spans += [(beginning.end(), end)] if end > beginning.end() else []
    for start, end in spans:
        blank = " " * (end - start)
        text, folded = text[:start] + blank + text[end:], folded[:start] + blank + folded[end:]
    return text, folded
