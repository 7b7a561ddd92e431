"""A made-up catalogue of a Brazilian shop of everything, and questions whose right answers are known.

Deterministic by seed. Names are put together from kinds of product, traits, invented line names, brands and sizes; a
question is made from the facts of one product in one of several styles, and every product that has the facts used is a
right answer.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from cli.evaluation.noise import typo
from common.knowledge import Product
from hub.retrieval.folding import strip_marks

# kind | other names customers use | category | traits | sizes
_KINDS = """
Shampoo|xampu|Cabelos|Anticaspa,Hidratação,Cachos,Cabelos Secos,Antiqueda,Força e Brilho|200ml,350ml,500ml,1L
Condicionador|acondicionador|Cabelos|Hidratação,Cachos,Cabelos Secos,Liso Perfeito,Antifrizz|200ml,350ml,500ml,1L
Sabonete Líquido|sabonete liquido|Banho|Erva-Doce,Lavanda,Algodão,Aveia,Maracujá|250ml,500ml,1L,5L
Desodorante|antitranspirante|Banho|Sem Perfume,Invisível,Sport,Clínico|50ml,90ml,150ml
Protetor Solar|filtro solar|Rosto|FPS 30,FPS 50,FPS 70,Infantil|120ml,200ml,50ml
Creme Dental|pasta de dente|Higiene|Menta,Clareador,Sensível,Infantil Morango|50g,90g,180g
Detergente|lava louças|Limpeza|Neutro,Limão,Maçã,Coco|500ml,1L,5L
Amaciante|suavizante|Limpeza|Concentrado,Azul,Infantil,Lavanda|500ml,1L,2L,5L
Arroz|arroz|Mercearia|Branco,Integral,Parboilizado,Arbóreo|500g,1kg,5kg
Feijão|feijao|Mercearia|Preto,Carioca,Branco,Fradinho|500g,1kg,2kg
Café|cafe|Mercearia|Torrado e Moído,em Grãos,Descafeinado,Extraforte|250g,500g,1kg
Biscoito|bolacha|Mercearia|Recheado Chocolate,Água e Sal,Maisena,Integral,Morango|130g,200g,400g
Refrigerante|refri|Bebidas|Cola,Guaraná,Laranja,Limão,Zero Açúcar|350ml,600ml,2L
Suco|suco|Bebidas|Uva Integral,Laranja,Caju,Maracujá,Pêssego|200ml,1L,1,5L
Cerveja|breja|Bebidas|Pilsen,IPA,Sem Álcool,Puro Malte,Trigo|269ml,350ml,600ml
Ração|alimento para cachorro|Pet|Filhotes,Adultos Frango,Castrados,Carne e Arroz|1kg,3kg,10kg,15kg
Areia Higiênica|areia de gato|Pet|Perfumada,Sem Perfume,Biodegradável|4kg,12kg
Tinta Acrílica|tinta acrilica|Construção|Branco Neve,Areia,Camurça,Cinza Urbano|900ml,3,6L,18L
Lâmpada LED|bulbo led|Elétrica|Bulbo Branca,Tubular,Amarela,Filamento|9W,12W,20W
Extensão Elétrica|extensao|Elétrica|Três Tomadas,Cinco Tomadas,Filtro de Linha|3m,5m,10m
Mangueira|mangueira|Jardim|Trançada,Flexível,Antitorção|10m,15m,30m
Furadeira|parafusadeira furadeira|Ferramentas|de Impacto,Sem Fio,Profissional|110V,220V
Liquidificador|liquidificador|Eletro|Inox,Turbo,com Filtro,Vermelho|110V,220V
Ventilador|circulador de ar|Eletro|de Mesa,de Coluna,de Parede,Silencioso|110V,220V
Cafeteira|maquina de café|Eletro|Elétrica,Expresso,Cápsula,Italiana|110V,220V
Pen Drive|pendrive|Informática|USB 3.0,Metálico,Giratório|16GB,64GB,128GB
Celular|smartphone|Telefonia|Câmera Tripla,Tela Infinita,5G,Dual Chip|64GB,128GB,256GB
Carregador|fonte carregadora|Telefonia|Turbo,Veicular,Sem Fio,Tipo C|20W,30W,65W
Camiseta|t-shirt|Roupas|Básica,Estampada,Gola V,Dry Fit,Manga Longa|P,M,G,GG
Camisa|camisa social|Roupas|Xadrez,Slim,Linho,Jeans|P,M,G,GG
Calça|calça|Roupas|Skinny,Alfaiataria,Moletom,Cargo,Legging|38,40,42,44
Bermuda|shorts|Roupas|Tactel,Jeans,Sarja,Ciclista|P,M,G,GG
Vestido|vestido|Roupas|Longo,Midi,Floral,Festa|P,M,G
Tênis|tenis esportivo|Calçados|Corrida,Casual,Caminhada,Skate|37,38,39,40,41,42
Chinelo|havaiana|Calçados|Slide,Anatômico,Praia|37/38,39/40,41/42
Mochila|bolsa escolar|Acessórios|Notebook,Escolar,Impermeável,Rodinhas|20L,30L,40L
Caderno|caderno|Papelaria|Universitário,Espiral,Capa Dura,Brochura|96 folhas,200 folhas
Caneta|esferográfica|Papelaria|Azul Ponta Fina,Gel Preta,Marca-Texto|c/ 4,c/ 12,c/ 50
Fralda|fralda descartável|Bebê|Recém-Nascido,Noturna,Pants|c/ 20,c/ 44,c/ 80
Boneca|boneca|Brinquedos|Bebê Chorão,Articulada,de Pano|30cm,45cm
Quebra-Cabeça|puzzle|Brinquedos|Paisagem,Animais,Mapa do Brasil|100 peças,500 peças
Jogo de Cama|roupa de cama|Casa|Casal Percal,Solteiro Microfibra,Queen Cetim|3 peças,4 peças
Toalha de Banho|toalha de banho|Casa|Felpuda,Lisa,Bordada|70x140cm,80x150cm
Panela de Pressão|panela de pressao|Cozinha|Alumínio,Inox,Antiaderente|3L,4,5L,7L
Frigideira|frying pan|Cozinha|Antiaderente,de Ferro,Cerâmica|20cm,24cm,28cm
Garrafa Térmica|garrafinha termica|Cozinha|Inox,Bico Pato,Pressão|500ml,1L,1,8L
""".strip().splitlines()
_COLOURS = ("Azul", "Preto", "Branco", "Verde", "Vermelho", "Rosa", "Cinza", "Amarelo")
_COLOURED = ("Roupas", "Calçados", "Acessórios", "Casa", "Eletro", "Cozinha")
_BRANDS = tuple(
    """
Aurora Vita Brasilar Montalto Nativa Solare Ipê Guarani Duratex Farol Panorama Tropical Cristal Serrana Maresia Bellacor
Luminar Pampa Tietê Andorinha Copacabana Sertaneja Estrela-Guia Boa-Vista Candeia Jatobá Ouro-Verde Litoral Horizonte
Primavera
""".strip().split()
)
_SYLLABLES = tuple(first + last for first in "bcdfgjlmnprs" for last in "aeio")


@dataclass(frozen=True)
class Stocked:
    """A product and the facts it was made from."""

    item: Product
    kind: str
    other_name: str
    trait: str
    brand: str
    size: str
    colour: str
    line: str


@dataclass(frozen=True)
class Question:
    """A customer's words and the ids of all products that answer them."""

    style: str
    text: str
    relevant: frozenset[str]


def catalogue(size: int, seed: int = 1) -> list[Stocked]:
    """`size` distinct products; 60 % carry an invented line name, so the vocabulary grows with the catalogue."""
    rng = random.Random(seed)
    lines = [_invented(rng) for _ in range(max(60, size // 4))]
    made: dict[tuple[str, ...], Stocked] = {}
    while len(made) < size:
        facts = _facts(rng, lines)
        if facts not in made:
            made[facts] = _stocked(len(made), facts, rng)
    return list(made.values())


def _invented(rng: random.Random) -> str:
    return "".join(rng.choice(_SYLLABLES) for _ in range(rng.choice((3, 3, 4)))).capitalize() + rng.choice(
        ("", "x", "n", "l")
    )


def _facts(rng: random.Random, lines: list[str]) -> tuple[str, ...]:
    kind, other, category, traits, sizes = rng.choice(_KINDS).split("|")
    colour = rng.choice(_COLOURS) if category in _COLOURED else ""
    line = rng.choice(lines) if rng.random() < 0.6 else ""
    size_list = [each.replace(";", ",") for each in _split_sizes(sizes)]
    return (
        kind,
        other,
        category,
        rng.choice(traits.split(",")),
        rng.choice(_BRANDS),
        rng.choice(size_list),
        colour,
        line,
    )


def _split_sizes(sizes: str) -> list[str]:
    """Commas separate sizes, except between digits ("1,5L")."""
    parts: list[str] = []
    for part in sizes.split(","):
        if parts and part[:1].isdigit() and parts[-1].isdigit() and not part.isdigit() and len(parts[-1]) == 1:
            parts[-1] += "," + part
        else:
            parts.append(part)
    return parts


def _stocked(number: int, facts: tuple[str, ...], rng: random.Random) -> Stocked:
    kind, other, category, trait, brand, size, colour, line = facts
    name = " ".join(part for part in (kind, trait, line, brand.replace("-", " "), colour, size) if part)
    item = Product(
        id=f"p{number}",
        name=name,
        sku=f"{strip_marks(kind)[:3].upper()}-{number:05d}",
        barcode=_ean13(number),
        description=f"{kind} da linha {line or brand}, categoria {category}. Produto original com nota e garantia.",
        category=category,
        attributes={"Marca": brand, **({"Cor": colour} if colour else {})},
        odoo_id=number + 1,
        list_price=Decimal(rng.randrange(290, 45_000)) / 100,
    )
    return Stocked(item, kind, other, trait, brand, size, colour, line)


def _ean13(number: int) -> str:
    body = f"789{number:09d}"
    check = -sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body)) % 10
    return f"{body}{check}"


_BY_EAR = (
    ("ch", "x"),
    ("ss", "ç"),
    ("ção", "sao"),
    ("z", "s"),
    ("qu", "k"),
    ("lh", "li"),
    ("h", ""),
    ("e ", "i "),
    ("ou", "o"),
)
_NAME_CUTS = {
    "Condicionador": "cond",
    "Shampoo": "sh",
    "Desodorante": "desod",
    "Refrigerante": "refri",
    "Biscoito": "bisc",
    "Detergente": "deterg",
    "Camiseta": "camis",
    "Celular": "cel",
    "Ventilador": "ventil",
    "Liquidificador": "liquidif",
}


def _by_ear(text: str, rng: random.Random) -> str:
    heard = text.lower()
    for written, sound in rng.sample(_BY_EAR, len(_BY_EAR)):
        if written in heard:
            heard = heard.replace(written, sound, 1)
            break
    return strip_marks(heard)


_OTHER_UNITS = dict(
    line.split(" = ")
    for line in """
500ml = meio litro
1L = 1000 ml
2L = 2 litros
1,5L = 1 litro e meio
5L = 5 litros
500g = meio quilo
1kg = 1 quilo
2kg = 2000g
5kg = 5 quilos
c/ 12 = 12 unidades
c/ 4 = 4 un
c/ 20 = 20 unidades
110V = 110 volts
220V = 220 volts
3m = 3 metros
10m = 10 metros
128GB = 128 giga
64GB = 64 gigas
350ml = 350 ml
600ml = 0,6 litro
250g = 0,25 kg
1,8L = 1800ml
3,6L = 3,6 litros
900ml = 0,9 L
""".strip().splitlines()
)


def _plural(word: str) -> str:
    for ending, plural in (("ão", "ões"), ("al", "ais"), ("el", "éis"), ("m", "ns"), ("r", "res"), ("z", "zes")):
        if word.endswith(ending):
            return word[: -len(ending)] + plural
    return word if word.endswith(("s", "x")) else word + "s"


_FRAMES = (
    "oi, vcs tem {}?",
    "bom dia! quanto custa {}?",
    "queria {} por favor",
    "tô procurando {}, tem aí?",
    "vocês vendem {}?",
    "olá, qual o valor do {}",
    "me ve {} pfv",
    "ainda tem {} em estoque?",
)

STYLES = (
    "plain",
    "no accents",
    "typo",
    "by ear",
    "plural",
    "chatty",
    "chatty typo",
    "units",
    "synonym",
    "abbreviated",
    "line",
    "price",
    "sku",
    "barcode",
)


def questions(stock: list[Stocked], per_style: int, seed: int) -> Iterator[Question]:
    """`per_style` questions in every style of `STYLES`."""
    rng = random.Random(seed)
    for style in STYLES:
        for _ in range(per_style):
            yield _question(style, stock, rng)


def _question(style: str, stock: list[Stocked], rng: random.Random) -> Question:
    one = rng.choice(stock)
    if style in ("sku", "barcode"):
        text = (
            one.item.sku.lower()
            if style == "sku"
            else f"tem o {one.item.barcode[0]} {one.item.barcode[1:7]} {one.item.barcode[7:]}?"
        )
        return Question(style, text, frozenset({one.item.id}))
    if style == "line" and not one.line:
        return _question(style, stock, rng)
    if style == "abbreviated" and one.kind not in _NAME_CUTS:
        return _question(style, stock, rng)
    fits = _facts_used(style, one, rng)
    text = _words(style, one, fits, rng)
    relevant = frozenset(
        each.item.id for each in stock if all(getattr(each, fact) == getattr(one, fact) for fact in fits)
    )
    if style == "price":
        ceiling = int(one.item.list_price or 0) + rng.randrange(2, 30)
        text = f"{text} até {ceiling} reais" if rng.random() < 0.5 else f"{text} por menos de R$ {ceiling},00"
        cheap = {each.item.id for each in stock if (each.item.list_price or 0) <= ceiling}
        relevant &= cheap
    return Question(style, text, relevant)


def _facts_used(style: str, one: Stocked, rng: random.Random) -> list[str]:
    if style == "line":
        return ["kind", "line"]
    if style == "units":
        return ["kind", "trait", "size"]
    others = [fact for fact in ("trait", "brand", "size", "colour") if getattr(one, fact)]
    return ["kind", *rng.sample(others, rng.choice((1, 2)))]


def _words(style: str, one: Stocked, fits: list[str], rng: random.Random) -> str:
    spoken: dict[str, Callable[[], str]] = {
        "kind": lambda: _kind_name(style, one),
        "trait": lambda: one.trait,
        "brand": lambda: one.brand.replace("-", " "),
        "size": lambda: _OTHER_UNITS.get(one.size, one.size) if style == "units" else one.size,
        "colour": lambda: one.colour,
        "line": lambda: one.line,
    }
    text = " ".join(spoken[fact]() for fact in fits)
    if style == "plural":
        words = one.kind.split()
        text = text.replace(one.kind, " ".join((_plural(words[0].lower()), *words[1:])), 1)
    if style in ("typo", "chatty typo", "line"):
        text = _with_typo(text.lower(), rng)
    if style == "by ear":
        text = _by_ear(text, rng)
    if style in ("no accents", "chatty typo", "abbreviated", "price", "synonym"):
        text = strip_marks(text)
    return rng.choice(_FRAMES).format(text) if style in ("chatty", "chatty typo") else text


def _kind_name(style: str, one: Stocked) -> str:
    if style == "synonym":
        return one.other_name
    return _NAME_CUTS[one.kind] if style == "abbreviated" else one.kind


def _with_typo(text: str, rng: random.Random) -> str:
    words = text.split()
    long_ones = [place for place, word in enumerate(words) if len(word) >= 5 and word.isalpha()]
    if long_ones:
        place = rng.choice(long_ones)
        words[place] = typo(words[place], rng)
    return " ".join(words)


def recall_at(found: list[str], relevant: frozenset[str], k: int = 5) -> float:
    """Share of the right answers among the first k, of as many as could be there."""
    return len(relevant & set(found[:k])) / min(k, len(relevant)) if relevant else 1.0
