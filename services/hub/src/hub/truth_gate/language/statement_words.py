"""Words by which a reply states something of the company or a product, and words that state nothing."""

from __future__ import annotations

import re
from typing import Final

WE_DO: Final = re.compile(
    r"\b(?P<verb>[a-z]{3,}(?:amos|emos|imos)|somos)\b|"
    r"\bwe (?:also |only |always |still |currently |do not |don't |never )*(?P<en>[a-z]{3,})\b"
)
"""A deed of the company: "aceitamos", "entregamos", "we ship"."""
HAVING: Final = re.compile(
    r"\b(?P<verb>temos|tenemos|hay(?! que)|contamos com|contamos con|dispomos de|oferecemos|ofrecemos|fornecemos|"
    r"nao ha|no hay|houve|hubo|havia|there (?:was|were)|we (?:also )?(?:have|offer|provide)|there (?:is|are))\b"
)
NEEDING: Final = re.compile(
    r"(?<!\bif )(?<!\bif you )(?<!\bse )(?<!\bsi )(?<!\bquando )(?<!\bcaso )\b(?P<verb>precisa[m]?|exigimos|"
    r"e (?:necessari[oa]|obrigatori[oa]|preciso)|necesita[n]?|hace falta|"
    r"(?:(?:you |it )|(?<!\bi ))(?:need|needs|require|requires)|"
    r"(?:pode|podem|puede|pueden|can) (?:ser |be )?(?:remarcar|cancelar|cancelad\w+|"
    r"trocad\w+|trocar|devolver|devolvid\w+|cancel|be returned|return|exchange\w*|pagar|pay))\b"
)
BEING: Final = re.compile(
    r"\b(?P<verb>e|sao|era|tem|vem|veem|serve[m]?|contem|inclui|incluem|acompanha[m]?|possui|possuem|veste[m]?|"
    r"funciona[m]?|"
    r"usa[m]?|fica[m]?|leva[m]?|queda[n]?|aceita[m]?|cobre[m]?|combina[m]?|aguenta[m]?|suporta[m]?|resiste[m]?|"
    r"permite[m]?|protege[m]?|"
    r"es|son|tiene[n]?|trae[n]?|incluye[n]?|cubre[n]?|is|are|has|have|comes? (?:with|in)|includes?|supports?|"
    r"lasts?|covers?|"
    r"fits?|works? with)\b"
)
"""What is said of a thing. On the text with its accents "é" is told from "e"."""
INCLUDING: Final = re.compile(
    r"(?:inclui|incluem|acompanha[m]?|ganha[m]?|traz(?:em)?|includes?|incluye[n]?|trae[n]?|comes? with)"
)
"""What is said to come with a thing is one, whatever it is called."""
AND_IS: Final = re.compile(
    r"[\s,]*(?:(?:[Ee]|y|and|mas|but) )?(?:tamb[eé]m )?(?P<verb>é|são|tem|têm|vem|serve|"
    r"possui|contém|inclui|acompanha|cobre|leva|traz|dispensa|es|tiene|incluye|trae|is|has|comes|includes)\b(?= )"
)
WHICH: Final = re.compile(
    r", (?:que|which|que também) (?:não )?(?P<verb>é|são|tem|têm|vem|serve|possui|contém|inclui|leva|es|tiene|is|"
    r"has|comes)\b(?= )"
)
"""What is said of a thing beside what its sentence says."""
PRONOUN: Final = re.compile(
    r"(?:(?<=^)|(?<=\W )|(?<=\n))(?:el[ae]s?|it|they|ella|ellas|ellos|ess[ae]s?|este|esta)(?= )"
)
DENIED_VERB: Final = re.compile(r"\b(?:nao|nunca|does not|doesn't|do not|don't|never) (?:se )?(?P<verb>[a-z]{3,})\b")
SUPPOSING: Final = re.compile(r"\W*(?:(?:e|mas|y|and|but|ou|so) )?(?:se|si|if|caso|quando|cuando|when) ")
"""What begins so states nothing."""
WITHOUT: Final = re.compile(
    r"\b(?:sem|sin|without)\s+(?:a |o |el |la |the |any |nenhum |nenhuma )?(?P<noun>[a-z][a-z-]{2,})\b"
)
COMPANY_THINGS: Final = re.compile(
    r"\b(?:(?:todos )?(?:os |o |el |the )?(?:nossos |nuestros |our |all )?(?:produtos?|descontos?|descuentos?|"
    r"discounts?|productos|products|itens)|"
    r"(?:o |el |the )?(?:estoque|stock|catalogo|atendimento)|(?:nossa |a |la |the |our )?(?:loja|empresa|tienda|"
    r"store|shop)|(?:o |a )?don[oa]|(?:the )?owner|"
    r"(?:o |a |el |la |os |as )?(?:garantias?|trocas?|fretes?|entregas?|devolucao|devolucoes|pagamentos?|reembolsos?|"
    r"professor[a]?|gerente|equipe|refunds?|returns?|shipping|delivery|warranty|envios?|cambios?))\b"
)
SUBJECT: Final = re.compile(
    r"\s*(?:(?:[Ee]|[Yy]|and|mas|Mas|But|but|Já|já|Sim,|Oi!) )?(?:[Tt]od[oa]s |"
    r"[Aa]ll )?(?:(?:[OoAa]s? )?[Nn]oss[oa]s?|[OoAa]s?|[Ee]l|[Ll][ao]s?|[Nn]uestr[oa]s?|"
    r"[Tt]he|[Oo]ur|[Ss]eus?|[Ss]uas?|[Yy]our|[Tt]us?) (?P<noun>[a-zà-ÿ]{3,}(?: [a-zà-ÿ]+){0,3}?) (?:não |no |"
    r"já |também |ainda |só |sempre |also |always |are not )?"
    r"(?P<verb>é|são|era|foi|foram|está|estão|tem|têm|teve|vem|vêm|leva|levam|cobre|cobrem|ganha|ganham|was|were|"
    r"está|están|inclui|incluem|possui|possuem|contém|usa|usam|son|tiene|tienen|"
    r"incluye|is|are|has|have|includes?|contains?)(?= )"
)
"""A thing at the beginning of a clause and what is said of it."""
DEED: Final = re.compile(
    r" (?:não |no |já |também |ainda |só )?(?P<verb>[a-zà-ÿ]{3,}(?:[aei]m?|ou|eu|iu|an|en|s))(?= )"
)
ARTICLE: Final = re.compile(
    r"\s*(?:(?:e|y|and|mas|but|ja) )?(?:(?:o|a|os|as|el|la|los|las|the|nosso|nossa|our|esse|essa|este|esta) )?"
)
UNREAD_DOER: Final = re.compile(
    r"\s*(?:[OoAa]s?|[Nn]oss[oa]s?|[Ee]l|[Ll][ao]s?|[Nn]uestr[oa]s?) (?P<noun>[a-zà-ÿ]{4,}) (?:não |no |já |"
    r"também |ainda |só )?"
    r"(?!consegu|pude)(?P<verb>[a-zà-ÿ]{3,}(?:[ae]m?|ou|eu|iu))(?= )(?! (?:me|te|lhe)\b)"
)
"""Somebody or something and what it does; not what it does to who writes or answers."""
ORDER: Final = re.compile(
    r"\b(?:(?:seu|sua|o|a|su|tu|el|your|the) )(?:(?:outr[oa]|ultim[oa]|primeir[oa]|otr[oa]|other|last|first) )?"
    r"(?:pedido|encomenda|compra|pacote|order|package|paquete)\b"
)
ORDER_IS: Final = re.compile(
    r"(?: [a-z]?\d+)?,? (?:ja |ainda |nao |tambem |agora |already |still |now )*(?P<verb>esta|foi|ficou|saiu|"
    r"passou|teve|recebeu|had|chegou|parou|voltou|sera|"
    r"fue|llego|is|was|has been|will be)(?= )"
)
STOP: Final = re.compile(r"[,:](?=\s)")
MAY: Final = re.compile(
    r"\b(?:pode[m]?|(?:da|dá) (?:pra|para)|puede[ns]?|se puede[n]?)(?! me| nos) (?:tambem )?(?:ser |se )?"
    r"(?!ser\b|se\b|p(?:er|re)guntar|escrever|escribir|falar|contar)[a-z]*(?:[aei]r|[aeip]r-l[oa]s?|[ai]d[oa]s?|"
    r"por)\b|\b(?:you|they|it|"
    r"customers) can (?!ask|write|tell)(?:also )?(?:be )?[a-z]{2,}\b|\b[a-z]{3,} can be [a-z]{2,}\b"
)
NEGATIONS: Final = {
    "pt-BR": re.compile(r"\b(?:nao|nunca|nem|sem|nenhum|nenhuma|jamais)\b"),
    "es": re.compile(r"\b(?:no|nunca|ni|sin|ningun|ninguna|jamas|tampoco)\b"),
    "en": re.compile(r"\b(?:not|never|no|nor|without|neither)\b|n't\b"),
}
LACKING: Final = re.compile(r"\b(?:sem|sin|without)\b")
NOT_DONE: Final = {
    "pt-BR": re.compile(r"\bnao\b"),
    "es": re.compile(r"\b(?:nao|no)\b"),
    "en": re.compile(r"\b(?:no|not|cannot)\b|n't\b"),
}
"""That something is not done; "no" is no denial in Portuguese ("no Pix")."""
NO_DENIAL: Final = re.compile(
    r"\b(?:sem|sin|without|s/) ?(?:juros|interes(?:es)?|interest|problemas?|duvidas?|costo|custo)\b|"
    r"\b(?:so|basta|melhor|para|pra) nao [a-z]{2,}[aei]r\b|"
    r"\bnao (?:custa|custam|paga|pagam|tem custo|cobramos)(?: nada)?\b|\bno (?:cuesta nada|tienen? costo)\b|"
    r"\b(?:costs? nothing|no (?:extra )?cost)\b|(?:n't|\bnot) cost (?:you )?anything\b|\bnao mais (?:do|"
    r"que)\b|\bnao (?:tem|ha|cobramos|temos) (?:nenhum )?juros\b"
)
EVERY: Final = re.compile(
    r"\b(?:tod[oa]s?(?! dia)(?! os dias)(?! los dias)|qualquer|sempre|"
    r"tudo(?! (?:bem|certo|isso|joia|o que|bom|pronto|ok))|everything|cualquier\w*|siempre|all|any|always|"
    r"every(?!day)|worldwide|"
    r"ilimitad\w+|unlimited|as long as you (?:need|want|like)|(?:o|pelo) tempo que (?:quiser|precisar)|"
    r"sem limite|no limit|"
    r"quanto tempo quiser|todo el tiempo|sin limite)\b"
)
_ANY_AMOUNT: Final = re.compile(
    r"(?:qualquer|any|cualquier) (?:(?:que|whatever) )?(?:seja )?(?:o )?(?:valor|compra|quantia|amount|purchase|order|"
    r"monto|importe)\b|todas? as compras|all (?:orders|purchases)|todas las compras"
)
_NO_LEAST: Final = re.compile(r"\b(?:sem|sin|no|without) (?:[a-z]+ )?minim\w+|\bnao (?:ha|tem) (?:[a-z]+ )?minim\w+")


def is_of_all(text: str, said: str) -> bool:
    """Whether a text says something of all, as a phrase does; without a least amount it is of any purchase."""
    return bool(EVERY.search(text) or (_ANY_AMOUNT.search(said) and _NO_LEAST.search(text)))


WITH: Final = re.compile(r"\b(?:com|con|with)\b")
ENDS: Final = re.compile(
    r"\b(?:mas|porem|pero|but|porque|pois|because|que|quando|when|cuando|se|si|if)\b|[;!?\n]|\.(?=\s|$)"
)

_NO_DEED: Final = frozenset(
    """reabrimos encerramos iniciamos comecamos retomamos reabriremos vamos podemos estamos temos tenemos ficamos
    agradecemos esperamos queremos precisamos sabemos lamentamos pedimos tivemos fomos seremos iremos achamos
    encontramos entendemos gostamos adoramos amamos conseguimos informamos retornamos conversamos falamos
    combinamos desejamos aguardamos continuamos voltamos abrimos fechamos funcionamos abriremos fecharemos
    recomendamos sugerimos indicamos verificamos consultamos conferimos avisamos chamamos estaremos teremos
    poderemos mesmos ultimos proximos minimos maximos otimos extremos ramos menos seguimos separamos vimos
    veremos devemos cerramos sentimos disculpamos volvemos quedamos hablamos estimamos anotamos respondemos
    responderemos ajudamos ajudaremos supomos cremos entramos contamos somos dispomos oferecemos ofrecemos
    fornecemos cobramos hacemos fazemos damos necesitamos pudimos pudemos soubemos are can will would could have
    hope apologize apologise look love understand open close should need see know found appreciate were had
    recommend suggest may might just really want think believe""".split()  # noqa: SIM905
)
_STATING: Final = frozenset("somos cobramos hacemos fazemos damos".split())  # noqa: SIM905
"""Deeds that say something only with their object."""
NO_DEED: Final = _NO_DEED - _STATING

LIGHT: Final = frozenset(
    """trabalhamos fazemos damos oferecemos aceitamos temos cobramos somos contamos dispomos realizamos
    recebemos recibimos disponibilizamos utilizamos usamos possuimos hacemos ofrecemos aceptamos tenemos manejamos
    accept take offer
    provide do make give have use sell vendemos fornecemos precisa precisam necesita need needs entra entram aplica
    aplicam incide incidem abrange abrangem applies apply""".split()  # noqa: SIM905
)
"""Verbs that say nothing without their object."""

TALK: Final = frozenset(
    """amigo amiga amigos amigas namorado namorada marido esposa mulher mae pai pais filho filha filhos filhas irmao
    irma irmaos irmas sogra sogro cunhada cunhado avo avos tia tio tias tios prima primo primas primos colega colegas
    vizinho
    vizinha madrinha madrinhas padrinho padrinhos neto neta netos netas afilhado afilhada turma galera familia
    friend friends husband wife mother father mom dad mum son daughter brother sister kids amig amigos esposo madre
    padre hijo hija hermano hermana hijos suegra abuela familia
    whenever here solo sola apenas ahora contra versus continua continuam segue seguem horario horarios agenda
    pequena pequenas pequenos covered pacote pacotes saco sacos frasco frascos valor dentro fora durante apos
    antes depois seguinte esquecer esqueca guardar basta conforme caso lembre unico unica unicos unicas only
    within after before break pause lunch almoco intervalo pausa almuerzo otimo otima otimos otimas excelente
    excelentes linda lindo lindos lindas bonita bonito perfeito perfeita maravilhoso maravilhosa boa bons boas
    ideal legal bacana queridinho queridinha favorito favorita sucesso show escolha pedida dica duvida duvidas
    ajuda ajudar equipe pessoa pessoas gente atendente atendimento atendentes humano humana conversa mensagem
    contato prazer alegria disposicao momento instante segundo minuto problema problemas certeza sugestao
    sugestoes pergunta perguntas informacao informacoes detalhe detalhes opcao opcoes alternativa alternativas
    novidade novidades cliente clientes amigo amiga bem- vindo bem-vinda gostar gosta gostou gostaria prefere
    preferir escolher escolhe ver veja olha olhe confira conferir saber sabe avise avisar falar fale chamar
    chame mandar mande enviar envie passar passe pode poder podemos precisar precisa precisando quiser quer
    querendo necessario possivel infelizmente felizmente claro certo combinado entendi ok beleza tranquilo
    obrigado obrigada grande pequeno aqui abaixo acima seguintes logo disso nisso neste nesse deste desse isso
    tudo bem muito pouco alem tambem entao assim mesmo mesma great good nice perfect lovely excellent choice
    help team person people someone question questions option options sure happy glad welcome thanks thank look
    moment minute problem detail details let know like also well message perfecto buena buenos gran ayuda ayudar
    equipo persona personas pregunta preguntas duda dudas opcion opciones tipo tipos jeito formas forma vez
    vezes coisa coisas lugar todo toda todos todas qualquer sempre all any always every dia dias hora horas
    semana semanas mes meses ano anos day days hour hours week weeks month months year years novo nova novos
    novas new igual iguais diferente diferentes compra compras comprar pedido pedidos order orders produto
    produtos product products producto productos item itens items loja lojas site store shop tienda casa voce
    voces seu sua seus suas cada outro outra outros outras junto juntos ainda agora hoje amanha today tomorrow
    e-mail email telefone whatsapp instagram endereco link dar fazer feito feita ter tido ser sido estar vai vao
    ir vir vem pagar paga pagando usar usando use usa using pay paying needed ahi aca alli else just write estos
    estas estes these those colour color cor tamanho size brand marca mais muchas muchos inclusive maximo minimo
    parte once fora
    found assistente assistant asistente virtual
    weekday weekdays olhada anotado anotada remain remains left jeito jeitos
    cadastro sistema consta previsao prevista previsto chegada status situacao calma carinho pressa vontade received
    troco vuelto change away left spending buying gets tendo teniendo add adds somando juntando
    prontinho prontinhos prontinha exceto date super bastante demais cerca torno yet preocupacao medo simples
    conversacion conversation touch ask confirm answer reply quiera contacto contact assunto asunto pleasure
    costuma costumam suele suelen usually duracao duracion acontece acontecem ocorre sorry applies
    accepted aceito aceita aceitos aceitas off gets coberto coberta
    cobertos cobertas chega chegam llega llegan arrives arrive encontra encontram plazo tranquila tranquilas
    reopen reopens weekday weekdays manana noche mediodia daqui corrido except excepto salvo tirando
    condicao condicoes contanto senhor senhora senhores dona track package
    cumulativo cumulativos cumulativa cumulativas acumulavel acumulaveis cumulative""".split()  # noqa: SIM905
)
"""Words of a conversation that state nothing of the company or its goods."""

PAYING: Final = frozenset(
    """pago paga pagos pagas pix cartao cartoes credito debito boleto boletos dinheiro cheque cheques card cards
    cash tarjeta tarjetas efectivo estacionamento taxa sinal""".split()  # noqa: SIM905
)
"""Ways of paying: talk beside a price, and what a statement is about beside a verb."""

OFFERS: Final = frozenset(
    """promocao promocoes oferta ofertas desconto descontos cupom cupons promocion promociones descuento descuentos
    cupon offer offers discount discounts promotion promotions coupon coupons vigor vigente vigentes
    current""".split()  # noqa: SIM905
)
"""That there is none of these may be said where none was read."""
