"""Invented sentences in the manner of a press release. Few words are frequent and many are rare, as in real texts."""

import re
from itertools import accumulate, product
from random import Random

SENTENCES = """
The delegation {welcomed} the {adjective} {noun} {made} in {area}.
The delegation {welcomed} the work of {authority} on {area}, including its {adjective} {noun} under {name}.
Discussions with {authority} focused on {area}, {area} and the {adjective} {noun} of {measure}.
The authorities {presented} {measure} and the {noun} adopted after {name}.
Representatives of {authority} {presented} a {adjective} {noun} for {area}, prepared with {name}.
The visit also covered {area}, with particular attention to the {adjective} {noun} of {name}.
Further {noun} will be needed to bring {measure} into line with {adjective} {noun} on {area}.
The experts {welcomed} that {authority} had {presented} its {noun} and {measure}.
In the view of the delegation, {measure} should rest on {adjective} {noun} and {adjective} {noun}.
The Government {presented} its {noun} on {area} and asked for {noun} in the field of {area}.
At {name}, the delegation saw how {authority} applies {measure} in practice.
The {noun} between {authority} and {authority} was described as {adjective}.
Since the previous visit, {measure} has been completed by {adjective} {noun} on {area}.
Participants exchanged experience of {area} and considered {adjective} {noun} for {authority}.
The delegation encouraged {authority} to widen its {noun} on {area} and to evaluate {measure}.
Meetings were held with {authority}, {authority} and {name} on {area}.
Civil society organizations, among them {name}, spoke of {adjective} {noun} in {area}.
A {adjective} {noun} was signed with {name} to support {measure}.
It was agreed that {noun}, {noun} and {noun} deserve more attention in {area}.
The host authorities stressed that {measure} depends on {adjective} {noun} with neighbouring States.
""".strip().splitlines()

# Each list from its most frequent word to its rarest.
WORDS = {
    "welcomed": "welcomed|noted|commended|acknowledged|appreciated|underlined|recalled|observed",
    "presented": "presented|described|introduced|outlined|shared|explained|reviewed|demonstrated",
    "made": "made|achieved|reported|recorded|begun|planned",
    "noun": "measures|progress|cooperation|framework|efforts|implementation|capacity|training|information|response|"
    "coordination|legislation|strategy|procedures|exchange|assessment|support|practice|guidelines|safeguards|"
    "resources|partnership|monitoring|investigation|awareness|dialogue|equipment|supervision|screening|analysis|"
    "prevention|review|mechanism|oversight|expertise|database|outreach|inspection|curriculum|protocol|roadmap|"
    "registry|workshop|liaison|audit|interviewing|mentoring|forecasting|certification|translation",
    "adjective": "national|effective|comprehensive|regional|international|legal|joint|institutional|specialized|"
    "significant|operational|strategic|sustained|relevant|practical|technical|coordinated|independent|timely|"
    "evidence-based|transparent|inclusive|robust|community-based|gender-sensitive|confidential|interim|"
    "cross-border|risk-based|age-appropriate|multilingual|decentralized|biometric|experimental",
    "area": "border management|law enforcement|the financing of terrorism|human rights|criminal justice|"
    "international cooperation|aviation security|violent extremism|maritime security|returning fighters|"
    "the protection of witnesses|rehabilitation and reintegration|prison management|money transfer services|"
    "information technologies|the rights of victims|passenger data|small arms|critical infrastructure|"
    "digital evidence|asylum procedures|cargo screening|non-profit organizations|youth engagement|"
    "the security of documents|unmanned aircraft|strategic communications|soft targets|wildlife trafficking",
    "authority": "the Ministry of the Interior|the Ministry of Justice|the police|the customs service|"
    "the Office of the Prosecutor|the financial intelligence unit|the border guard|the Ministry of Foreign Affairs|"
    "the central bank|the prison service|the judiciary|parliament|the coast guard|the intelligence service|"
    "the civil aviation authority|the human rights commission|the training academy|local councils|"
    "the forensic laboratory|the port authority",
    "measure": "the national action plan|the new counter-terrorism act|the advance passenger system|"
    "the freezing of assets|the joint operations centre|the watch list|the code of criminal procedure|"
    "the reform of the courts|the exit programme|the register of charities|the risk assessment|"
    "the hotline for families|the protection of airports|the control of explosives|the archive of case law",
}  # fmt: skip
SYLLABLES = [consonant + vowel for consonant, vowel in product("bdfgklmnprstvz", ["a", "e", "i", "o", "u", "ai", "ou"])]
KINDS_OF_NAME = "the {} Agreement|the {} Centre|the {} Institute|the {} Network|the {} border post|the {} Programme"


class Phrasebook:
    """A stock of sentences and names. They are drawn again and again, so that each has to be folded only once."""

    def __init__(self, rng: Random, sentences: int = 20_000, names: int = 5_000):
        self.rng = rng
        self.names = sorted({"".join(rng.choices(SYLLABLES, k=rng.randint(2, 4))).capitalize() for _ in range(names)})
        rng.shuffle(self.names)
        forms = KINDS_OF_NAME.split("|")
        words = {slot: stock.split("|") for slot, stock in WORDS.items()}
        words["name"] = [forms[place % len(forms)].format(name) for place, name in enumerate(self.names)]
        # Names are rare, each of them: it is the common words that fill a text.
        self.words = {slot: (stock, zipf(len(stock), 0.5 if slot == "name" else 1.0)) for slot, stock in words.items()}
        self.sentences = [self.sentence() for _ in range(sentences)]

    def word(self, slot: str) -> str:
        """A word or name of that kind, the frequent ones more often."""
        words, weights = self.words[slot]
        return self.rng.choices(words, cum_weights=weights)[0]

    def sentence(self) -> str:
        sentence = self.rng.choice(SENTENCES).format_map(Slots(self))
        return re.sub(r"\b([Aa]) (?=[aeiou])", r"\1n ", sentence)


class Slots(dict):
    """What the slots of one sentence are filled with: another word each time."""

    def __init__(self, book: Phrasebook):
        self.book, self.used = book, set()

    def __missing__(self, slot):
        word = self.book.word(slot)
        while word in self.used:
            word = self.book.word(slot)
        self.used.add(word)
        return word


def zipf(count: int, steepness: float = 1.0) -> list[float]:
    """Cumulative weights of `count` things, each rarer than the one before."""
    return list(accumulate((rank + 1) ** -steepness for rank in range(count)))
