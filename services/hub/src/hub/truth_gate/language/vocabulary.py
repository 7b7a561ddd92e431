"""Words the gate knows, folded (lower case, no accents), for Portuguese, Spanish and English."""

from __future__ import annotations

import re
from typing import Final

_PT: Final = {
    "um": 1, "uma": 1, "dois": 2, "duas": 2, "tres": 3, "quatro": 4, "cinco": 5, "seis": 6, "sete": 7, "oito": 8,
    "nove": 9, "dez": 10, "onze": 11, "doze": 12, "duzia": 12, "duzias": 12, "treze": 13, "quatorze": 14, "catorze": 14,
    "quinze": 15, "dezesseis": 16, "dezessete": 17, "dezoito": 18, "dezenove": 19, "vinte": 20, "trinta": 30,
    "quarenta": 40, "cinquenta": 50, "sessenta": 60, "setenta": 70, "oitenta": 80, "noventa": 90, "cem": 100,
    "cento": 100, "duzentos": 200, "duzentas": 200, "trezentos": 300, "trezentas": 300, "quatrocentos": 400,
    "quatrocentas": 400, "quinhentos": 500, "quinhentas": 500, "seiscentos": 600, "seiscentas": 600,
    "setecentos": 700, "oitocentos": 800, "novecentos": 900, "mil": 1000,
}  # fmt: skip
_ES: Final = {
    "un": 1, "uno": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8,
    "nueve": 9, "diez": 10, "once": 11, "doce": 12, "docena": 12, "docenas": 12, "trece": 13, "catorce": 14,
    "quince": 15, "dieciseis": 16, "diecisiete": 17, "dieciocho": 18, "diecinueve": 19, "veinte": 20, "veintiuno": 21,
    "veintidos": 22, "veintitres": 23, "veinticuatro": 24, "veinticinco": 25, "veintiseis": 26, "veintisiete": 27,
    "veintiocho": 28, "veintinueve": 29, "treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60,
    "setenta": 70, "ochenta": 80, "noventa": 90, "cien": 100, "ciento": 100, "doscientos": 200, "trescientos": 300,
    "cuatrocientos": 400, "quinientos": 500, "seiscientos": 600, "setecientos": 700, "ochocientos": 800,
    "novecientos": 900, "mil": 1000,
}  # fmt: skip
_EN: Final = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "dozen": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100, "thousand": 1000,
}  # fmt: skip
# Words that mean something else in another of our languages ("dos", "doce", "once") count in their own only.
_OWN_ONLY: Final = {"um", "uma", "un", "uno", "una", "dos", "doce", "once", "one", "ten"}


def _number_words(own: dict[str, int]) -> dict[str, int]:
    shared = {word: value for word, value in (_PT | _ES | _EN).items() if word not in _OWN_ONLY}
    return shared | own


NUMBER_WORDS: Final = {"pt-BR": _number_words(_PT), "es": _number_words(_ES), "en": _number_words(_EN)}

MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "janeiro enero january jan ene",
            "fevereiro febrero february fev feb",
            "marco marzo march mar",
            "abril april abr apr",
            "maio mayo may mai",
            "junho junio june jun",
            "julho julio july jul",
            "agosto august ago aug",
            "setembro septiembre setiembre september set sep sept",
            "outubro octubre october out oct",
            "novembro noviembre november nov",
            "dezembro diciembre december dez dic dec",
        ),
        start=1,
    )
    for name in names.split()
}
MONTH: Final = "|".join(sorted(MONTHS, key=len, reverse=True))

WEEKDAYS: Final = {
    name: number
    for number, names in enumerate(
        (
            "segunda-feira|segunda feira|segunda|lunes|monday|mon",
            "terca-feira|terca feira|terca|martes|tuesday|tue",
            "quarta-feira|quarta feira|quarta|miercoles|wednesday|wed",
            "quinta-feira|quinta feira|quinta|jueves|thursday|thu",
            "sexta-feira|sexta feira|sexta|viernes|friday|fri",
            "sabados|sabado|saturday|sat",
            "domingos|domingo|sunday|sun",
        )
    )
    for name in names.split("|")
}
WEEKDAY: Final = "|".join(sorted(WEEKDAYS, key=len, reverse=True))
ORDINAL_NOUN: Final = "unidades?|vias?|parcelas?|pecas?|compras?|vez|opcao|opcoes|linha|geracao|mao|etapa|tentativa"

CURRENCY_BEFORE: Final = r"(?:r\$|us\$|u\$s|usd|brl|eur|gbp|mxn|ars|clp|cop|€|£|\$)"
CURRENCY_AFTER: Final = (
    r"(?:reais|reales|real|brl|r\$|usd|us\$|dolares|dolar|dollars?|bucks|eur|euros?|€|gbp|libras?|pounds?|£|pesos?|"
    r"mxn|ars|clp|cop|conto|contos|pila|pilas|mangos)"
)
CENTS: Final = r"(?:centavos?|cents?)"
_CODES: Final = {
    "BRL": ("r$", "brl", "reais", "reales", "real", "conto", "contos", "pila", "pilas", "mangos"),
    "USD": ("us$", "u$s", "usd", "dolares", "dolar", "dollar", "dollars", "bucks"),
    "EUR": ("eur", "euro", "euros", "€"),
    "GBP": ("gbp", "libra", "libras", "pound", "pounds", "£"),
    "PESO": ("peso", "pesos"),
    "MXN": ("mxn",), "ARS": ("ars",), "CLP": ("clp",), "COP": ("cop",), "$": ("$",),
}  # fmt: skip
CURRENCIES: Final = {word: code for code, words in _CODES.items() for word in words}
PESOS: Final = frozenset({"MXN", "ARS", "CLP", "COP", "UYU", "DOP", "PHP"})
DOLLAR_SIGN: Final = PESOS | {"USD", "CAD", "AUD", "NZD", "PESO"}

_UNITS: Final = (
    ("business_day", r"dias? uteis|dias? util|dias? habiles|dias? habil|business days?|working days?"),
    ("day", r"dias?|diazinhos?|(?:calendar )?days?"),
    ("week", r"semanas?|weeks?"),
    ("month", r"mes(?:es)?|months?"),
    ("year", r"anos?|years?"),
    ("hour", r"horas?|horinhas?|hours?|hrs?|hs|h"),
    ("minute", r"minutos?|minutinhos?|minutes?|mins?"),
    ("km", r"km|quilometros?|kilometros?|kilometers?"),
    ("cm", r"cm|centimetros?"),
    ("mm", r"mm|milimetros?"),
    ("m", r"m|metros?|meters?"),
    ("kg", r"kg|kgs|quilos?|kilos?"),
    ("mg", r"mg"),
    ("g", r"g|gr|gramas?|gramos?|grams?"),
    ("ml", r"ml|mililitros?"),
    ("l", r"l|lts?|litros?|liters?"),
    ("V", r"v|volts?"),
    ("W", r"w|watts?"),
    ("GB", r"gb"),
    ("TB", r"tb"),
    ("inch", r"polegadas?|pulgadas?|inch(?:es)?"),
    ("year_old", r"anos de idade"),
    ("degree", r"graus?|grados?|degrees?"),
    ("point", r"pontos?|puntos?|points?"),
    ("guest", r"pessoas?|personas?|people|persons?"),
)
ITEM_UNIT: Final = (
    r"(?:unid|und?|pcs?)\.(?= [a-z(])|unidades?|unids?|unds?|un|pecas?|itens|item|pares|par|caixas?|pacotes?|frascos?|"
    r"potes?|units?|pieces?|items?|"
    r"pairs?|boxes|box|packs?|piezas?|unidad(?:es)?|cajas?|paquetes?|articulos?|exemplares|kits?|latas?|garrafas?"
)
UNIT_PATTERNS: Final = (
    *((name, re.compile(rf"\s*-?\s*(?:{words})(?![\w-])")) for name, words in _UNITS),
    ("unit", re.compile(rf"\s*-?\s*(?:{ITEM_UNIT})(?![\w-])")),
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


COMMON_WORDS: Final = _words(
    """a o as os um uma uns umas de do da dos das no na nos nas em por para pra pro com sem que se e ou mas ja nao sim
    voce voces vc vcs eu ele ela eles elas nos seu sua seus suas meu minha nosso nossa nossos nossas este esta
    esse essa isso isto aquele aquela ao aos mais menos muito tambem ate desde entre sobre quando como onde qual
    quais quanto e ha ser sao foi era estao estamos temos tem ter tenho pode podem deve devem fica ficam fazer
    feito feita el la los las un una unos unas del al en con sin que y o pero si no su sus mi tu nuestro nuestra
    este esta ese esa eso esto mas menos muy tambien hasta entre sobre cuando como donde cual cuales cuanto hay
    son fue estan tenemos tiene tener puede pueden debe ser estar usted ustedes the an of to in on at for with
    without and or but not yes enquanto you your our my we they it its this that these those is are was were be
    been have
    has can may must will would from until between about when how where which what there here than then so if do
    does por favor please aqui ai la"""
)
FUNCTION_WORDS: Final = _words(
    """es hoy ayer tarda expect daria dariam seria seriam teria teriam iria iriam veria viria enough bastante
    suficiente demais proximo proxima proximos proximas seja sejam sejamos sera serao fosse fossem forem tenha
    tenham tiver tiverem teria estar esteja estejam vamos va
    venha venham vier vierem der derem deu deram dao faca facam fizer fez fazia caia caiam couber caiba sea sean tenga
    tengan vaya vayan haga hagan ser haber haya hayan ha han he hemos sido siendo sendo
    num numa nuns numas pelo pela pelos pelas neste nesta nestes nestas nesse nessa nesses nessas nisso nisto
    naquele naquela deste desta destes destas desse dessa desses dessas disso disto daquele daquela dele dela
    deles delas nele nela neles nelas lhe lhes conosco consigo aquilo aqueles aquelas outrem quem cujo cuja tal
    tais nem porem todavia contudo entretanto portanto logo pois porque embora conforme mediante perante apos
    desde exceto salvo inclusive durante tarde sempre nunca jamais talvez quase tao tanto tanta tantos tantas
    ontem anteontem depois antes adiante alias apesar acaso afinal enfim uno ninguno ninguna alguno alguna algunos
    algunas cada ambos siempre jamas tampoco aunque mientras segun aquel aquella pues luego entonces quizas since
    whether back also too both either neither each another such very much many more most less few still already
    always never ever though although because while unless upon into onto over under again once soon yours ours
    mine via through isn aren wasn doesn don didn couldn won wouldn hasn haven ll ve re"""
)
"""More pronouns, prepositions, conjunctions and the like: they name nothing, and tell no topics apart either."""
GENERIC_WORDS: Final = _words(
    """preco precos valor valores custo custa custam sai saem esta estao ta vale valem apenas somente so unidade
    unidades unidad unit units cada reais real centavos total hoje agora desconto descuento discount corridos
    leve pague levando ganhe compre comprando todo toda todos todas qualquer all any every cualquier corrido
    uteis util habiles business working prazo periodo vai vao vem fica ficam ganha ganham recebe recebem
    precio precios cuesta cuestan sale salen costs cost price prices only just each per leva levam maximo minimo
    maxima minima pagar paga pode podem usar use feita feito ser faz fazemos temos oferecemos oferta within acima
    abaixo"""
)
"""Words a paraphrase may share with any rule: they do not say what a value is about."""

PRICE_TALK: Final = _words(
    """preco precos valor valores custo custa custam custando sai saem saindo sair esta estao estar ta vale valem por
    apenas somente so unidade unidades unidad unit units cada peca pecas item itens produto produtos producto
    productos product products total totais soma subtotal hoje agora atual atualmente momento vista prazo partir
    pix cartao boleto avista dinheiro loja site estoque stock disponivel disponiveis disponible disponibles
    available disponibilidade modelo modelos opcao opcoes opcion opciones option options tamanho cor versao
    temos restam sobram ultimas ultimos ainda consultado consultada verificado sistema catalogo tenemos quedan
    precio precios cuesta cuestan vale sale salen unitario unitaria tienda ahora mismo actual costs cost costing
    price priced prices each apiece per only just left currently now today right store remaining sold oferta
    promocao promocional desconto promocion descuento offer discount sale reais real centavos reales dolares
    dollars cents custaria voces voce anunciado encontrei achei aqui segue seguem claro certo otimo sim oi ola
    quer gostaria reservar levar comprar pagar paga leva sendo fica ficam ficaria por_unidade juntos juntas
    together altogether tudo todos todas ambos ambas both esgotado esgotada esgotados agotado agotada
    indisponivel indisponiveis unavailable sem out zerado bem melhor from starting iniciais inicial igual
    exatamente exactly mesmo mesma same respectivamente respectively vao vai vem van variam varia ficar go range
    ranges moment time have has come comes da das levando taking juros intereses interest free parcela parcelas
    parcelado parcelar vezes cuotas credito debito installments card tarjeta efectivo cash
    pesa pesam mede medem contem weighs pesan queda quedan puedes pares par pair pairs plus llevar comprando sobre
    baixo
    caro cara caros caras barato barata baratos baratas cheap cheaper expensive more still mes month ahora
    ajudar ajudo ayudar ayudo help pago paga pagos pagas dele dela deles delas nele nela desse dessa disso continua
    continuam segue mantem conta fecha contra
    pacote pacotes saco sacos versus
    pay pays todo obtenga usa usando
    frasco frascos bottle bottles garrafa garrafas lata latas pote potes tubo tubos unico unica unicos unicas only
    cai caem caindo correto correta exato exata atualizado atualizada embalagem embalagens ora sigue siguen
    add adds llevas lleva troco vuelto salio salieron saiu sairam custou custaram costo costaron ficou ficaram
    prontinho prontinhos prontinha prontinhas passa passam pasa pasan supera superam
    dispomos contamos work works contam cuentan disponemos sells sell goes go retails
    retail runs run listed lists plazo gratis gratuito gratuita gratuitos gratuitas cortesia"""
)
TELLING_WORDS: Final = _words(
    "entrega envia encomendar marca marcas outra outro other others cor cores pedido order compra fisica fisico online"
)
"""Words of questions that name something all the same when they stand beside a price."""
