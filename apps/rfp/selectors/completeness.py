"""What still keeps an RFP from being published: each reason with the page that settles it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import quote

from django.utils.translation import gettext as _

from apps.core import clock
from apps.engine.errors import InvalidInput
from apps.engine.matrix.prices import PRICE_FORMULAE
from apps.engine.matrix.weights import Node, check
from apps.engine.pricing.models import PRICING_MODELS
from apps.rfp import answers
from apps.rfp.models import Question, Rfp, Section
from apps.rfp.selectors.findings import CONDITIONAL, findings
from apps.rfp.selectors.informing import information_blockers
from apps.rfp.selectors.lots import View, price_params, views_of
from apps.rfp.selectors.presets import breaches
from apps.rfp.selectors.price_rule import price_fault, price_rule_fault
from apps.rfp.selectors.reading import facts_of, questionnaire, round_of, workload_of
from apps.rfp.selectors.sealing import opener_faults
from apps.rfp.selectors.soundness import Around, faults
from apps.rfp.selectors.weights import HUNDRED, price_is_weighted, quality_chapters
from apps.rfp.states import EnvelopeKind, HiddenCounts
from apps.rfp.types import Blocker, Chapter, Finding, plain

BUILDER, TERMS, WORKLOAD, PUBLISH = "rfp:builder", "rfp:terms", "rfp:workload", "rfp:publish"
LOTS = "rfp:lots"


@dataclass(frozen=True)
class State:
    """Everything the checks read, read once."""

    rfp: Rfp
    chapters: tuple[Chapter, ...]
    findings: tuple[Finding, ...]
    views: tuple[View, ...] = ()  # through each lot; once as a whole where there are none


def state_of(rfp: Rfp) -> State:
    chapters = questionnaire(rfp)
    views = views_of(rfp, chapters)
    return State(rfp, chapters, findings(rfp, chapters), views)


def completeness(rfp: Rfp, state: State | None = None) -> tuple[Blocker, ...]:
    """Return what blocks publication, in the order in which it is best settled."""
    known = state or state_of(rfp)
    checks = CHECKS if rfp.asks_price else CHECKS_OF_INFORMATION
    return tuple(blocker for ask in checks for blocker in ask(known))


def total_sentence(what: str, total: Decimal) -> str:
    """Say by how much weights miss 100, and what to do about it."""
    gap = HUNDRED - total
    todo = _("Give out {gap} more.") if gap > 0 else _("Take away {gap}.")
    return _("{what} weights add up to {total}; they must add up to 100. {todo}").format(
        what=what, total=plain(total), todo=todo.format(gap=plain(abs(gap)))
    )


def adds_up(weights: dict[str, Decimal]) -> bool:
    """Whether the engine takes these percentages as the parts of one whole."""
    root = Node("whole", None, None, "percent")
    try:
        check([root, *(Node(f"part:{name}", "whole", w) for name, w in weights.items())])
    except InvalidInput:
        return False
    return True


def section_weights(sections: Iterable[Section]) -> dict[str, Decimal]:
    """Return the weights that have to add up to 100: those of the technical sections."""
    return {one.code: one.weight for one in sections if one.envelope == EnvelopeKind.TECHNICAL}


def _questions(state: State) -> Iterator[Blocker]:
    for view in state.views:
        if not any(chapter.scored for chapter in view.chapters):
            if not state.rfp.asks_price:
                continue  # a request for information may be only read
            sentence = _("Keep or add at least one scored question.")
            yield Blocker("no-scored-question", view.named(sentence), BUILDER)
        elif not any(_binds(state.rfp, one) for one in _scored(state.rfp, view.chapters)):
            sentence = _(
                "Every scored question may be hidden or answered as not applicable: a bid could be"
                " left with nothing to score. Keep one that every bid has to answer."
            )
            yield Blocker("no-common-question", view.named(sentence), BUILDER)
    yield from _sound(state)


def _sound(state: State) -> Iterator[Blocker]:
    around = Around.of(
        (one for chapter in state.chapters for one in chapter.questions), state.rfp.questionnaire
    )
    for chapter in state.chapters:
        for question in chapter.questions:
            question.section = chapter.section
            for field, sentence in faults(question, around).items():
                yield Blocker(
                    f"question-{field}",
                    _("Question {code}: {sentence}").format(code=question.code, sentence=sentence),
                    BUILDER,
                    f"?section={chapter.section.code}&question={question.code}",
                )


def _scored(rfp: Rfp, chapters: tuple[Chapter, ...]) -> Iterator[Question]:
    return (one for _chapter, held in quality_chapters(rfp, chapters) for one in held)


def _binds(rfp: Rfp, question: Question) -> bool:
    """Whether a scored question counts for every bid, whatever its vendor answers."""
    hides = answers.questions_in(question.condition) and rfp.hidden_counts == HiddenCounts.LEAVES
    return not question.allows_na and not hides


def _section_weights(state: State) -> Iterator[Blocker]:
    for view in state.views:
        weights = section_weights(chapter.section for chapter in view.chapters)
        if not state.rfp.asks_price and not any(chapter.scored for chapter in view.chapters):
            continue  # only read: nothing is weighed
        if not weights or not adds_up(weights):
            total = sum(weights.values(), Decimal(0))
            sentence = view.named(total_sentence(_("Section"), total))
            yield Blocker("section-weights", sentence, BUILDER)


def _sections(state: State) -> Iterator[Blocker]:
    scored = {c.section.pk: held for c, held in quality_chapters(state.rfp, state.chapters)}
    for chapter in state.chapters:
        section, place = chapter.section, f"?section={chapter.section.code}"
        if section.pk in scored and not scored[section.pk]:
            sentence = _("Section {code} carries weight but scores no question.")
            yield Blocker("section-unscored", sentence.format(code=section.code), BUILDER, place)
        if section.weight == 0 and section.envelope == EnvelopeKind.TECHNICAL and chapter.scored:
            sentence = _(
                "Section {code} scores questions but weighs 0. Give it weight, or make them"
                " information."
            )
            yield Blocker("section-weightless", sentence.format(code=section.code), BUILDER, place)


def award_weights(state: State) -> Iterator[Blocker]:
    rfp = state.rfp
    if not price_is_weighted(rfp):
        if rfp.quality_weight != HUNDRED or rfp.price_weight != 0:
            name = PRICE_FORMULAE[rfp.price_formula].name
            sentence = _("{name} gives price no weight of its own: set quality to 100, price to 0.")
            yield Blocker("award-weights", sentence.format(name=name), TERMS)
        return
    if not adds_up({"quality": rfp.quality_weight, "price": rfp.price_weight}):
        total = rfp.quality_weight + rfp.price_weight
        yield Blocker("award-weights", total_sentence(_("Quality and price"), total), TERMS)


def _price(state: State) -> Iterator[Blocker]:
    for view in state.views:
        fault = price_fault(state.rfp.price_formula, dict(price_params(state.rfp, view.lot)))
        if fault:
            sentence = view.named(_("Price formula: {fault}").format(fault=fault))
            yield Blocker("price-formula", sentence, TERMS)
    models = state.rfp.pricing_models
    if not models or any(slug not in PRICING_MODELS for slug in models):
        yield Blocker(
            "pricing-models", _("Choose at least one pricing model that vendors may bid."), TERMS
        )


def _price_of_record(state: State) -> Iterator[Blocker]:
    fault = price_rule_fault(state.rfp) if state.rfp.pricing_models else ""
    if fault:
        yield Blocker("price-of-record", fault, TERMS, "#h-record")


def _preset(state: State) -> Iterator[Blocker]:
    yield from breaches(state.rfp, state.chapters)


def _unscorable(state: State) -> Iterator[Blocker]:
    """A bid that is not asked can never be scored there: a ranking that waits for it never comes."""
    codes = [
        code for finding in state.findings if finding.code == CONDITIONAL for code in finding.where
    ]
    counted = state.rfp.hidden_counts == HiddenCounts.UNANSWERED
    if state.rfp.missing_policy == "block" and counted and codes:
        sentence = _(
            "No bid is ranked until it is scored, yet some bids are not asked {codes}. Let a hidden"
            " question not count, choose what else a missing answer counts, or ask"
            " every bid."
        )
        yield Blocker("missing-policy", sentence.format(codes=", ".join(codes)), TERMS)


def _facts(state: State) -> Iterator[Blocker]:
    missing = [
        fact.label
        for fact in facts_of(state.rfp.questionnaire)
        if state.rfp.facts.get(fact.key) in (None, "", [])
    ]
    if missing:
        sentence = _("Answer the facts of this tender: {facts}").format(facts=" ".join(missing))
        yield Blocker("facts", sentence, TERMS)


def _workload(state: State) -> Iterator[Blocker]:
    for view in state.views:
        if workload_of(state.rfp, view.lot) is None:
            sentence = view.named(_("Set the workload that every vendor prices."))
            query = f"?lot={quote(view.lot.code)}" if view.lot else ""
            yield Blocker("workload", sentence, WORKLOAD, query)


def _lots(state: State) -> Iterator[Blocker]:
    """One lot is the whole, and a question of one lot cannot hang on another lot's."""
    lots = [view.lot for view in state.views if view.lot]
    if len(lots) == 1:
        sentence = _("One lot is no choice. Add another one, or take it out.")
        yield Blocker("one-lot", sentence, LOTS)
    if lots and (state.rfp.most_lots or 0) > len(lots):
        sentence = _("A vendor may win {most} lots, but there are {held}. Lower the limit.")
        sentence = sentence.format(most=state.rfp.most_lots, held=len(lots))
        yield Blocker("most-lots", sentence, LOTS)
    homes = {one.code: c.section.lot_id for c in state.chapters for one in c.questions}
    for chapter in state.chapters if lots else ():
        for question in chapter.questions:
            asked = answers.questions_in(question.condition) | answers.questions_in(
                answers.what_excludes(question.knockout)
            )
            strange = sorted(
                code for code in asked if homes.get(code) not in {None, chapter.section.lot_id}
            )
            if strange:
                sentence = _(
                    "Question {code} asks for {others}, which vendors of another lot do not answer."
                    " Ask for a question of all lots instead."
                ).format(code=question.code, others=", ".join(strange))
                place = f"?section={chapter.section.code}&question={question.code}"
                yield Blocker("lot-of-question", sentence, BUILDER, place)


def _deadline(state: State) -> Iterator[Blocker]:
    held = round_of(state.rfp)
    if held is None:
        yield Blocker("deadline", _("Set the deadline for bids."), PUBLISH, "#deadline")
    elif held.closes_at <= clock.database_now():
        sentence = _("The deadline has passed. Set one in the future.")
        yield Blocker("deadline", sentence, PUBLISH, "#deadline")


def _openers(state: State) -> Iterator[Blocker]:
    yield from opener_faults(state.rfp)


def _linter(state: State) -> Iterator[Blocker]:
    for finding in state.findings:
        if not finding.open:
            continue
        todo = (
            _("{title}: mend it.") if finding.severity == "error" else _("{title}: mend or accept.")
        )
        yield Blocker(
            f"finding-{finding.code}",
            todo.format(title=finding.title),
            PUBLISH,
            f"#finding-{finding.code}",
        )


CHECKS: tuple[Callable[[State], Iterator[Blocker]], ...] = (
    *(_section_weights, _sections, _questions, award_weights, _price, _price_of_record),
    *(_lots, _unscorable, _facts, _workload, _deadline, _openers, _preset, _linter),
)


def _information(state: State) -> Iterator[Blocker]:
    yield from information_blockers(state.rfp, state.chapters)


CHECKS_OF_INFORMATION: tuple[Callable[[State], Iterator[Blocker]], ...] = (
    *(_section_weights, _sections, _questions, _information),
    *(_unscorable, _facts, _deadline, _preset, _linter),
)
