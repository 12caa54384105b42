"""Whatever bytes come: a normalised text with what the format tells, or a sentence that says what to do."""

import io
import json
import subprocess
import time
import unicodedata
import zipfile
from collections import Counter

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from visits.exceptions import Unreadable
from visits.ingest import readers
from visits.ingest.readers import isolation, text, worker
from visits.ingest.readers import pdf as from_pdf
from visits.ingest.readers.reading import MAX_BYTES, MAX_CHARACTERS, MEGABYTE

from .files import docx, page, pdf, with_part

SAMPLES = settings.BASE_DIR / "tests" / "samples" / "releases"
STAMP = "2019-03-05T10:11:12+00:00 Monday, 4 March 2019|International cooperation|"
PARAGRAPHS = [
    "A delegation met the authorities of the country and spoke with them about the management of borders.",
    "It also saw an airport, where officers showed how they check what travellers carry and who they are.",
    "The authorities said that they would continue to work with the experts on what remains to be done.",
]
ARTICLE = "<h1>Experts visit a country</h1>" + "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)


def refusal(name: str, data: bytes) -> str:
    """The code of the refusal; its sentence is whole and names the file."""
    with pytest.raises(Unreadable) as refused:
        readers.read(name, data)
    assert refused.value.sentence.count(name or "pasted text") == 1
    assert refused.value.sentence.endswith(".")
    return refused.value.code


# Plain text


def test_a_text_is_read_as_its_record_quotes_it():
    fixture = json.loads((settings.BASE_DIR / "fixtures" / "denmark.json").read_text(encoding="utf-8"))
    data = (settings.BASE_DIR / "fixtures" / "sources" / "denmark.txt").read_bytes()

    reading = readers.read("denmark.txt", data)

    assert reading.text == fixture[0]["fields"]["text"]
    assert (reading.format, reading.known) == ("text", {})


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("\ufeffA\r\nB\rC", "A\nB\nC"),
        ("from 29\u00a0May\u202fto 1\u2009June", "from 29 May to 1 June"),
        ("counter\u00adterrorism\u200b", "counterterrorism"),
        ("A  \n \t\n\n\n B \n\n", "A\n\nB"),
        ("A\fB\u2029C\u2028D", "A\n\nB\n\nC\nD"),
        ("cafe\u0301", "caf\u00e9"),
        ("\u200fقرار 1373\u200f (2001)\u202c", "قرار 1373 (2001)"),
        ("می\u200cخواهم a\u200d b", "می\u200cخواهم a b"),
        ("a\x07b\x1bc", "abc"),
        ("ﬁnancing of oﬃcials", "financing of officials"),
        ("\ufedf\ufea0\ufee8\ufe94", "لجنة"),
        ("反恐执⾏局科⻓，⺠用", "反恐执行局科长，民用"),
    ],
)
def test_a_text_gets_the_form_it_is_stored_in(written, read):
    assert text.normalise(written) == read


@given(st.text())
def test_normalising_twice_changes_nothing(words):
    try:
        once = text.normalise(words)
    except Unreadable:
        return
    assert text.normalise(once) == once
    assert once == once.strip()
    assert "\n\n\n" not in once
    assert unicodedata.is_normalized("NFC", once)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_marks_at_the_beginning_tell_the_encoding(encoding):
    words = "Une visite d’évaluation – 反恐 – Совет"

    assert readers.read("a.txt", words.encode(encoding)).text == words


def samples_in(encoding: str) -> list[str]:
    """The samples that can be written in an encoding, and not in plain ASCII."""
    samples = [text.normalise(path.read_text(encoding="utf-8")) for path in sorted(SAMPLES.glob("*.txt"))]
    return [
        words for words in samples if not words.isascii() and words == words.encode(encoding, "ignore").decode(encoding)
    ]


def read_or_code(data: bytes) -> str:
    try:
        return text.normalise(text.decode(data))
    except Unreadable as refused:
        return refused.code


@pytest.mark.parametrize("encoding", ["windows-1252", "windows-1251", "windows-1256", "gb18030"])
def test_a_text_in_an_older_encoding_is_read_right_or_refused(encoding):
    outcomes = [(words, read_or_code(words.encode(encoding))) for words in samples_in(encoding)]

    assert any(outcome == words for words, outcome in outcomes)
    assert [outcome for words, outcome in outcomes if outcome not in (words, "wrong_encoding")] == []


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        ("Wizyta w kraju odbyła się w grudniu, a następnie złożono sprawozdanie końcowe.", "windows-1250"),
        ("Ülke ziyareti sırasında heyet yetkililerle görüştü ve şehri gezdi.", "windows-1254"),
        ("Делегация посетила страну и встретилась с представителями правительства.", "koi8-r"),
        ("Делегация посетила страну и встретилась с представителями правительства.", "cp866"),
        ("Une délégation a visité le pays à l’invitation du Gouvernement, où elle a été reçue.", "mac-roman"),
        ("代表団は政府の招待でこの国を訪問し、関係者と会談した。", "shift-jis"),
        ("Kısa", "windows-1254"),
    ],
)
def test_an_encoding_that_cannot_be_told_is_refused_not_guessed(words, encoding):
    assert refusal("a.txt", words.encode(encoding)) == "wrong_encoding"


@given(st.binary())
def test_any_bytes_give_a_text_or_a_refusal(data):
    try:
        reading = text.read(data)
    except Unreadable:
        return
    assert text.normalise(reading.text) == reading.text


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("empty.txt", b"", "empty_file"),
        ("", b"", "empty_file"),
        ("blank.txt", b" \n\t\n", "no_text"),
        ("binary.txt", bytes(range(256)), "wrong_encoding"),
        ("nothing.txt", b"text\0text", "wrong_encoding"),
        ("cut.txt", "text".encode("utf-16")[:-1], "wrong_encoding"),
        ("large.txt", b"a" * (MAX_BYTES + 1), "file_too_large"),
        ("large.pdf", b"%PDF-" + b"a" * MAX_BYTES, "file_too_large"),
        ("long.txt", b"a " * MAX_CHARACTERS, "too_much_text"),
        ("marks.txt", ("a" + "\u0316\u0301" * 100).encode(), "wrong_encoding"),
        ("table.xlsx", b"PK\x05\x06" + bytes(18), "unknown_format"),
        ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(20), "unknown_format"),
        ("picture.txt", b"\xff\xd8\xff\xe0" + bytes(20), "unknown_format"),
        ("old.doc", readers.OLE + bytes(600), "unknown_format"),
        ("secret.docx", readers.OLE + bytes(600) + readers.ENCRYPTED, "encrypted_file"),
        ("letter.rtf", rb"{\rtf1 text}", "unknown_format"),
    ],
)
def test_what_cannot_be_read_is_refused_at_once(name, data, code, monkeypatch):
    monkeypatch.setattr(isolation, "read", None)

    assert refusal(name, data) == code


def test_what_marks_do_to_time_is_bounded():
    begun = time.perf_counter()

    assert refusal("marks.txt", ("\u0316\u0301" * (MAX_CHARACTERS // 2)).encode()) == "wrong_encoding"

    assert time.perf_counter() - begun < 10


# Formats


@pytest.mark.parametrize(
    ("name", "data", "format"),
    [
        ("a.txt", b"<!DOCTYPE html><html>", "html"),
        ("a.txt", b'\xef\xbb\xbf <?xml version="1.0"?><!-- x -->\n<html lang="en">', "html"),
        ("a.txt", "<HTML>".encode("utf-16"), "html"),
        ("a.html", b"<p>words", "html"),
        ("a.txt", b"On <html> and other signs", "text"),
        ("a.txt", b"%PDF-1.7", "pdf"),
        ("a.pdf", b"words", "pdf"),
        ("a.bin", b"PK\x03\x04", "docx"),
        ("A.DOCX", b"words", "docx"),
        ("", b"words", "text"),
        ("", b"<!---->" * 500, "text"),
    ],
)
def test_a_format_is_known_by_content_then_by_name(name, data, format):
    assert readers.recognised(name, data) == format


def test_a_page_is_read_without_what_stands_around_its_article():
    head = (
        '<meta property="article:published_time" content="2019-03-04T23:30:00+02:00">'
        '<link rel="canonical" href="https://example.org/news/visit">'
    )
    article = f"{ARTICLE}<ul><li>One</li><li>Two <b>words</b></li></ul><p>{STAMP}</p>"

    reading = readers.read("a.html", page(article, head).encode())

    assert reading.text.split("\n\n") == ["Experts visit a country", *PARAGRAPHS, "One", "Two words", STAMP]
    assert reading.format == "html"
    assert reading.known == {
        "title": "Experts visit a country",
        "url": "https://example.org/news/visit",
        "published_on": "2019-03-04",
    }


def test_rows_of_a_page_stay_rows():
    table = "<table><tr><th>Body</th><th>Seat</th></tr><tr><td>WCO</td><td><p>Brussels</p></td></tr></table>"

    reading = readers.read("a.html", page(ARTICLE + table).encode())

    assert reading.text.endswith("Body | Seat\n\nWCO | Brussels")


def test_a_day_that_a_page_does_not_declare_is_not_its_publication():
    reading = readers.read("a.html", page(f"{ARTICLE}<time datetime='2019-03-04'>4 March 2019</time>").encode())

    assert reading.published_on == ""


def test_a_page_declares_its_encoding():
    words = "<h1>Visite d’évaluation</h1>" + "".join(f"<p>{words} Été.</p>" for words in PARAGRAPHS)
    data = page(words).replace('"utf-8"', '"iso-8859-1"').encode("windows-1252")

    assert readers.read("a.html", data).title == "Visite d’évaluation"


def test_a_page_to_sign_in_on_is_no_release():
    form = '<form><label>Name <input name="n"></label><input type="Password" name="p"></form>'

    assert refusal("a.html", page("<p>Please sign in to read on.</p>", around=form).encode()) == "login_page"
    assert readers.read("a.html", page(ARTICLE * 2, around=form).encode())


def test_lines_of_a_pdf_become_paragraphs_and_parted_words_whole():
    first = [
        "Register of visits, 2019",
        "Experts visit a country",
        "",
        "A delegation met the authorities of the country and spoke with them about the manage-",
        "ment of borders, and about what they do against terrorism. For their counter-",
        "terrorism they have had a plan for two years.",
        "",
        "It also saw an airport, where officers showed how they check what travellers",
        "1",
    ]
    second = ["Register of visits, 2019", "carry and who they are.", "", "The visit was a follow-", "up visit.", "2"]

    reading = readers.read("a.pdf", pdf(first, second, title="Experts Visit a Country"))

    assert reading.text.split("\n\n") == [
        "Experts visit a country",
        "A delegation met the authorities of the country and spoke with them about the management of borders, and "
        "about what they do against terrorism. For their counter-terrorism they have had a plan for two years.",
        "It also saw an airport, where officers showed how they check what travellers carry and who they are.",
        "The visit was a follow-up visit.",
    ]
    assert (reading.format, reading.title, reading.published_on) == ("pdf", "Experts visit a country", "")


def test_a_language_is_told_from_the_words_where_the_rules_know_it():
    assert readers.read("a.html", page(ARTICLE).encode()).language == ""
    assert readers.read("a.html", page(ARTICLE).replace("en-US", "de-AT").encode()).language == "de"


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["acting for the Counter-", "Terrorism Committee"], "acting for the Counter-Terrorism Committee"),
        (["反恐执行局 ( 执行局", ") 于 2019 年 9 月访问"], "反恐执行局(执行局)于2019年9月访问"),
        (["a whole-of-", "society approach"], "a whole-of-society approach"),
        (["The pro-", "gramme of the programme"], "The programme of the programme"),
    ],
)
def test_lines_are_joined_as_their_script_asks(lines, joined):
    known = Counter(word for line in lines for word in from_pdf.words_in(line))

    assert from_pdf.joined(lines, known) == joined


def test_what_a_browser_prints_at_the_edges_is_no_text():
    data = pdf(["3/4/19, 7:35 PM", *PARAGRAPHS, "https://example.org/news/visit 1/1"])

    assert readers.read("a.pdf", data).text == " ".join(PARAGRAPHS)


def test_arabic_in_the_order_of_the_page_is_known_by_its_stops():
    right = ["قام وفد بزيارة إلى", "البلد في عام 2018.", "وكانت الزيارة الأولى."]
    seen = ["إلى بزيارة وفد قام", ".2018 عام في البلد", ".الأولى الزيارة وكانت"]

    assert not from_pdf.is_backwards(right)
    assert from_pdf.is_backwards(seen)
    assert not from_pdf.is_backwards([".gitignore is a file", "of no concern"])


def test_the_name_of_an_earlier_file_is_no_title():
    assert readers.read("a.pdf", pdf(PARAGRAPHS, title="Microsoft Word - old.doc")).title == ""


def test_a_pdf_protected_only_against_changes_is_read():
    assert readers.read("a.pdf", pdf(PARAGRAPHS, password="")).format == "pdf"


def test_a_word_document_is_read_in_its_order():
    data = docx("Experts visit a country", *PARAGRAPHS, table=[["Body", "Seat"], ["WCO", "Brussels"]])
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        body = file.read("word/document.xml").decode()
    changed = "<w:ins><w:r><w:t>Added</w:t></w:r></w:ins><w:del><w:r><w:delText>Gone</w:delText></w:r></w:del>"
    wrapped = f"<w:sdt><w:sdtContent><w:p><w:r><w:t>Field</w:t><w:br/></w:r>{changed}</w:p></w:sdtContent></w:sdt>"
    data = with_part(data, "word/document.xml", body.replace("<w:tbl>", f"{wrapped}<w:tbl>").encode())

    reading = readers.read("a.docx", data)

    blocks = ["Experts visit a country", *PARAGRAPHS, "Field\nAdded", "Body | Seat", "WCO | Brussels"]
    assert reading.text.split("\n\n") == blocks
    assert reading.format == "docx"


UNPACKED = 70 * MEGABYTE


def bomb() -> bytes:
    """A document of less than a hundred kilobytes that unpacks to 70 MB."""
    return with_part(docx("Words"), "word/styles.xml", bytes(UNPACKED))


def understated_bomb() -> bytes:
    """The same, whose directory says that it unpacks to nothing to speak of."""
    return bomb().replace(UNPACKED.to_bytes(4, "little"), (1000).to_bytes(4, "little"))


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.pdf", pdf(PARAGRAPHS, password="secret"), "encrypted_file"),
        ("a.pdf", pdf([], []), "scanned_pdf"),
        ("a.pdf", pdf(["1"], ["2"]), "scanned_pdf"),
        ("a.pdf", pdf(PARAGRAPHS)[:-200], "damaged_file"),
        ("a.pdf", b"%PDF-1.7 and nothing %%EOF", "damaged_file"),
        ("a.pdf", b"words", "damaged_file"),
        ("a.docx", docx(*PARAGRAPHS)[:-200], "damaged_file"),
        ("a.docx", b"words", "damaged_file"),
        ("a.docx", understated_bomb(), "damaged_file"),
        ("a.docx", bomb(), "too_much_inside"),
        ("a.docx", docx(), "no_text"),
        ("a.docx", with_part(docx(), "word/document.xml", b"<w:document"), "damaged_file"),
        ("a.docx", docx("a " * MAX_CHARACTERS), "too_much_text"),
        ("a.xlsx", with_part(b"PK\x05\x06" + bytes(18), "xl/workbook.xml", b"<a/>"), "unknown_format"),
        ("a.html", b"<!DOCTYPE html><html></html>", "no_text"),
        ("a.html", b"<html><body>" + b"<p>words" * 2_000_000, "too_much_inside"),
        ("a.html", page("<p>?</p>").encode().replace(b"?", b"\x81"), "wrong_encoding"),
    ],
)
def test_what_a_format_hides_is_refused(name, data, code):
    assert refusal(name, data) == code


# In a process of its own


def test_reading_that_hangs_is_ended(monkeypatch):
    monkeypatch.setattr(isolation, "SECONDS", 0.01)

    assert refusal("a.pdf", pdf(PARAGRAPHS)) == "took_too_long"


def test_the_process_has_little_memory_may_write_nothing_and_knows_no_secret(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "secret")
    seen = {}

    def run(command, **options):
        seen.update(options, command=command)
        return subprocess.CompletedProcess(command, isolation.OUT_OF_MEMORY, b"", b"")

    monkeypatch.setattr(subprocess, "run", run)

    assert refusal("a.docx", docx("Words")) == "too_much_inside"
    assert "SECRET_KEY" not in seen["env"]
    assert worker.LIMITS[worker.resource.RLIMIT_AS] == 300 * MEGABYTE
    assert worker.LIMITS[worker.resource.RLIMIT_FSIZE] == 0


@pytest.mark.parametrize("result", [(1, b""), (-11, b""), (0, b'{"text"')])
def test_a_process_that_fails_says_that_the_file_is_damaged(result, monkeypatch):
    code, said = result
    monkeypatch.setattr(subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, code, said, b""))

    assert refusal("a.pdf", b"%PDF-") == "damaged_file"


def test_every_refusal_can_come_back_from_the_process():
    codes = isolation.refusals()

    assert len(codes) == len({*Unreadable.__subclasses__(), Unreadable})


@st.composite
def mutated(draw, whole: bytes) -> bytes:
    data = bytearray(whole)
    for _ in range(draw(st.integers(1, 8))):
        place = draw(st.integers(0, len(data) - 1))
        data[place : place + draw(st.integers(0, 20))] = draw(st.binary(max_size=20))
    return bytes(data)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "whole"),
    [
        ("a.html", page(ARTICLE).encode()),
        ("a.pdf", pdf(PARAGRAPHS)),
        ("a.docx", docx(*PARAGRAPHS)),
    ],
)
@examples(max_examples=12, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_mutated_files_give_a_text_or_a_refusal(name, whole, data):
    try:
        reading = readers.read(name, data.draw(mutated(whole)))
    except Unreadable:
        return
    assert text.normalise(reading.text) == reading.text
