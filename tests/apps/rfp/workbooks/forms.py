"""Questionnaires by chance: whatever a draft may hold, in every combination Excel dislikes."""

from hypothesis import strategies as st

from apps.rfp.answers import AUTO_OPS, TEST_OPS
from apps.rfp.states import AnswerKind, EnvelopeKind, EvidenceClass, ScoringMode
from apps.rfp.workbooks.form import SCALE, Form, Item, Lot, Part, figure

FORMULAS = (
    *("=1+1", "+1+1", "-1+1", "@SUM(1)", "=cmd|'/c calc'!A0", '=HYPERLINK("http://a.example")'),
    *(
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        "\uff1d1+1",
        "\uff0b1",
        "\u22121",
        "\uff20a",
        "=IMPORTXML(1)",
        "%0A=1",
        "{=1}",
    ),
    *("'=1+1", " =1+1", '=WEBSERVICE("x")', "=RTD(1)", '=DDE("cmd";"a")', "+A1|'x'!0"),
)
AWKWARD = (
    *FORMULAS,
    *("_x0041_", "_x005F_x0041_", "a_x005f_x0041_", "text ", 'text "x"', "json {}", "json []"),
    *("1.10", "007", "1e5", "12,5", "TRUE", "true", "null", "2020-01-01", "#REF!", "#N/A", "1/2"),
    *("a :: b", "Year :: year", "a\nb", "a\r\nb", "a\rb", "\x0b", "\x7f", "\ufffe", "\u202e"),
    *(
        " lead",
        "trail ",
        "   ",
        "\n",
        "“quoted” \"and\" 'so'",
        "ünïcödé 漢字 العربية 🎉",
        "and",
        "or",
    ),
    *(
        "equals",
        "question 1.01",
        "0 otherwise",
        "question:1.01",
        "[1]",
        "{}",
        "<b>&amp;</b>",
        "]]>",
    ),
)


def texts(most: int = 60) -> st.SearchStrategy[str]:
    signs = st.characters(codec="utf-8", exclude_characters="\x00")
    return st.one_of(st.sampled_from(AWKWARD), st.text(signs, max_size=most))


def kept(most: int = 60) -> st.SearchStrategy[str]:
    """A text with something in it: a blank cell and no value are the same in a workbook."""
    return texts(most).filter(str.strip)


weights = st.integers(0, 9_999_999).map(lambda n: figure(f"{n // 10_000}.{n % 10_000:04}"))
values = st.one_of(
    kept(), st.booleans(), st.integers(-(10**9), 10**9), st.lists(kept(), max_size=3)
)
columns = st.fixed_dictionaries(
    {"name": texts(), "kind": st.sampled_from(["year", "number", "x y", "single_choice"])},
    optional={"options": st.lists(texts(), max_size=3)},
)
limits = st.fixed_dictionaries(
    {},
    optional={
        "least": st.sampled_from(["0", "-5", "1.50", "=1"]),
        "most": st.one_of(st.sampled_from(["9", "1e5", "007"]), texts()),
        "whole": st.booleans(),
    },
)
levels = st.integers(0, 5)


def checks(subjects: st.SearchStrategy[dict], ops=TEST_OPS) -> st.SearchStrategy[dict]:
    return st.builds(
        lambda subject, op, value: {**subject, "op": op, **value},
        subjects,
        st.sampled_from(ops),
        st.one_of(st.just({}), st.builds(lambda one: {"value": one}, values)),
    )


nobody = st.just({})
asked = st.one_of(
    st.builds(lambda code: {"question": code}, st.one_of(texts(12), st.just("1.01"))),
    st.builds(lambda name: {"fact": name}, st.sampled_from(["channels", "takes card"])),
)


def nested(tests: st.SearchStrategy[dict]) -> st.SearchStrategy[dict]:
    """Groups in groups, those that words cannot say exactly among them."""
    return st.recursive(
        tests,
        lambda inner: st.one_of(
            st.builds(lambda one: {"not": one}, inner),
            st.builds(
                lambda name, parts: {name: parts},
                st.sampled_from(["all", "any"]),
                st.lists(inner, max_size=3),
            ),
        ),
        max_leaves=8,
    )


conditions = st.one_of(nobody, checks(asked), nested(checks(asked)))
knockouts = st.one_of(
    nobody,
    st.builds(
        lambda rule, reason, channels: {**rule, **reason, **channels},
        st.one_of(
            checks(nobody),
            nested(st.one_of(checks(asked), checks(nobody))),
        ),
        st.one_of(nobody, st.builds(lambda one: {"reason": one}, texts())),
        st.one_of(nobody, st.builds(lambda one: {"channels": one}, st.lists(texts(), max_size=3))),
    ),
)
points = st.builds(
    lambda value, level: ({"op": "points", "value": value, **level},),
    st.dictionaries(texts(), st.sampled_from(["0", "5", "2.5"]), max_size=3),
    st.sampled_from([{}, {}, {"level": 5}]),
)
rules = st.lists(
    st.builds(lambda level, test: {"level": level, **test}, levels, checks(nobody, AUTO_OPS)), max_size=4
).map(tuple)  # fmt: skip
minimums = st.one_of(st.just(""), weights)
marks = st.one_of(rules, points)
LOT_CODES = ("A", "1", "007", "=1+1", "1.10", "TRUE", "_x0041_", "text x", "Lot 2")
steps = st.sampled_from([*map(str, range(11)), "2.5"])


def items(code: str) -> st.SearchStrategy[Item]:
    return st.builds(
        Item,
        code=st.just(code),
        topic=texts(),
        text=texts(300),
        kind=st.sampled_from(AnswerKind.values),
        options=st.one_of(st.lists(texts(), max_size=4), st.lists(columns, max_size=3)).map(tuple),
        unit=texts(10),
        weight=weights,
        required=st.booleans(),
        mode=st.sampled_from(ScoringMode.values),
        rubric=st.dictionaries(steps, kept(), max_size=6),
        knockout=knockouts,
        condition=conditions,
        auto=marks,
        evidence=texts(),
        evidence_class=st.sampled_from(["", *EvidenceClass.values]),
        evidence_required=st.booleans(),
        evidence_expires=st.booleans(),
        limits=limits,
        minimum=minimums,
        held_at=minimums,
        allows_na=st.booleans(),
        commitment=st.booleans(),
        word_limit=st.one_of(st.none(), st.integers(1, 5000)),
        domain=st.sampled_from(["", "technology", "culture"]),
        scale=st.sampled_from([SCALE, ("0", "10"), ("1", "2.5")]),
        more=st.dictionaries(kept(), kept(), max_size=1),
    )


@st.composite
def forms(draw: st.DrawFn) -> Form:
    """A questionnaire of up to four sections with up to four questions each, and up to three lots."""
    named = draw(st.lists(st.sampled_from(LOT_CODES), unique=True, max_size=3))
    parts = []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        codes = [f"{number}.{at:02}" for at in range(1, draw(st.integers(0, 4)) + 1)]
        parts.append(
            Part(
                code=str(number),
                title=draw(kept()),
                weight=draw(weights),
                minimum=draw(minimums),
                envelope=draw(st.sampled_from(EnvelopeKind.values)),
                lot=draw(st.sampled_from(["", *named])),
                items=tuple(draw(items(code)) for code in draw(st.permutations(codes))),
            )
        )
    lots = tuple(Lot(code=one, name=draw(kept()), description=draw(texts())) for one in named)
    return Form(head={"title": draw(texts()), "rfp": "one"}, parts=tuple(parts), lots=lots)
