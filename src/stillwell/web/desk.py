"""What every page needs: the store, the worker, the templates, and one person's visit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from stillwell.assess.asked_next import Question
from stillwell.assess.assessment import Assessment
from stillwell.case.model import Case
from stillwell.case.understand import Understood
from stillwell.errors import StillwellError
from stillwell.knowledge.store import knowledge
from stillwell.report.document import CareCard
from stillwell.report.phrases import sentences
from stillwell.report.sections.care import care_card
from stillwell.report.sections.plan import until_help
from stillwell.report.wording import words as report_words
from stillwell.store.errors import MissingError, StaleError
from stillwell.store.owned import Owned
from stillwell.store.store import Record, Store
from stillwell.triage.rules import SOUNDS_URGENT
from stillwell.web.journey import KIND, Journey, decoded, encoded
from stillwell.web.listening import NOT_KEPT, alarms_in, boxes, listened
from stillwell.web.waiting import WaitingResults, waiting_of
from stillwell.web.wording import words
from stillwell.web.work import Depth, Work
from stillwell.writing import capital

if TYPE_CHECKING:  # argon2 is for shared servers only, food not for everybody
    from stillwell.assess.intakes import Diet
    from stillwell.store.accounts import Account
    from stillwell.web.eating import Intakes

TRIES = 5  # two windows may save at once; each change is made again on what the other kept
STEPS = ("words", "you", "medicines", "urgent", "questions", "food", "tests", "check", "answer", "plan", "share")  # fmt: skip
URGENT_FIRST = ("words", "urgent", "you", "medicines", *STEPS[4:])
PARTS = (("words", "you", "medicines", "urgent"), ("questions", "food", "tests", "check"), ("answer", "plan", "share"))  # fmt: skip
ONWARD = "questions?onward=1"  # after food or results: the other of them, or the answer where both were told
MOST_WORDS = 40  # of a paragraph on a card: beyond, nobody in need reads it to its end
LOUD = ("emergency", "today", "soon")  # levels whose card stands on every page


@cache
def templates() -> Any:
    """The environment of the page's templates and those of the report."""
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=ChoiceLoader([PackageLoader("stillwell.web"), PackageLoader("stillwell.report")]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        auto_reload=False,
    )
    environment.filters["capitalize_first"] = capital
    environment.filters["lines"] = short_lines
    environment.globals["names"] = named
    return environment


def short_lines(text: str) -> list[str]:
    """A text as it stands; a long one sentence by sentence, each of which is read at a glance."""
    return sentences(text) if len(text.split()) > MOST_WORDS else [text]


def named(item: str) -> str:
    """The name of a finding, a history item or a class of medicines."""
    base = knowledge().base
    for table in (base.findings, base.history, base.medicines):
        if item in table:
            return str(table[item].name)
    return item


@dataclass
class Desk:
    """What the pages share.

    Attributes:
        store: people and records.
        work: assessments.
        shared: others use the same server; each account sees its own.
        account: who is signed in there.
    """

    store: Store
    work: Work
    shared: bool = False
    account: Account | None = None

    async def visit(self, request: Request) -> Visit:
        """The visit of the record that a path names.

        Raises:
            MissingError: there is no such record.
        """
        name = request.path_params["record"]
        record = await run_in_threadpool(self.store.get, name)
        if record.kind != KIND:
            raise MissingError("no such record")
        return Visit(self, record, decoded(record.body))

    async def begin(self, person: str) -> Visit:
        """A new journey of a person."""
        journey = Journey(started=dt.date.today())
        record = await run_in_threadpool(self.store.add, person, KIND, encoded(journey))
        return Visit(self, record, journey)

    def page(self, template: str, status: int = 200, **context: Any) -> Response:
        """A page of its template."""
        shown = {"care": None, "record": None, "step": "", "account": self.account, **context}
        text = templates().get_template(template).render(words=words(self.shared), **shown)
        return HTMLResponse(text, status)


@dataclass
class Visit:
    """One person's journey, as it is kept."""

    desk: Desk
    record: Record
    journey: Journey
    _assessed: dict[str, Assessment] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where the journey's steps are."""
        return f"/s/{self.record.id}"

    def at(self, step: str) -> str:
        """The address of a step."""
        return f"{self.url}/{step}"

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps in their order: after an alarm in the words it is shown at once."""
        return URGENT_FIRST if self.journey.urgent_first else STEPS

    def next_to(self, step: str) -> str:
        """The step after a step."""
        return self.steps[self.steps.index(step) + 1]

    def before(self, step: str) -> str:
        """The step before a step."""
        return self.steps[self.steps.index(step) - 1]

    def goes_on(self, request: Request, step: str) -> Response:
        """To the next step, or back to the list of answers that a change came from."""
        return self.goes_to(self.after(request, step))

    @staticmethod
    def after(request: Request, step: str) -> str:
        """The next step, or the list of answers where a change came from it."""
        return "check" if request.query_params.get("from") == "check" else step

    def goes_back(self, otherwise: str) -> Response:
        """After food or results: to what may be told besides; where no trouble was told yet, elsewhere."""
        return self.goes_to(ONWARD if self.journey.complaint else otherwise)

    def goes_to(self, step: str) -> Response:
        """On to a step, by a redirect that a reload does not send again."""
        return RedirectResponse(self.at(step), 303)

    async def keep(self, change: Callable[[Journey], None]) -> None:
        """Make a change and keep it, with the alarm signs in it; on what another window kept meanwhile.

        Raises:
            StoreError: it could not be kept.
            TooBusy: its words could not be listened to now.
        """
        for _ in range(TRIES):
            before = boxes(self.journey)
            change(self.journey)
            await listened(self.desk.work, self.journey, before)
            body = encoded(self.journey)
            try:
                self.record = await run_in_threadpool(
                    self.desk.store.put, self.record.id, body, self.record.revision
                )
            except StaleError:
                self.record = await run_in_threadpool(self.desk.store.get, self.record.id)
                self.journey = decoded(self.record.body)
                continue
            self._assessed.clear()
            return
        raise StaleError("it is being changed in other windows; please try again")

    async def hears(self, *texts: str, food: bool = False) -> list[str]:
        """Listen to words that are not kept as they are: of alarm signs in them the page that answers tells.

        Raises:
            TooBusy: they could not be listened to now.
        """
        found = await alarms_in(self.desk.work, texts, self.journey.case(knowledge()), food=food)
        if found:
            self.journey.heard[NOT_KEPT] = found
            self._assessed.clear()
        return found

    def _case(self, depth: Depth = "bars") -> Case:
        """The case; what a plan of food leaves out is part of the full answer alone, as it changes no cause."""
        case = self.journey.case(knowledge())
        return case if depth == "full" else msgspec.structs.replace(case, dislikes=[])

    async def assessment(self, depth: Depth) -> Assessment:
        """The assessment of all that was told so far."""
        if depth not in self._assessed:
            self._assessed[depth] = await self.desk.work.assessment(self._case(depth), depth)
        return self._assessed[depth]

    async def questions(self) -> list[Question]:
        """What is worth asking next, the best first."""
        return await self.desk.work.questions(self._case())

    async def understood(self) -> Understood:
        """What the readers make of all that was told so far; not to be changed."""
        return await self.desk.work.understood(self._case())

    async def intakes(self) -> Intakes | None:
        """Usual intakes, or None where nothing was told that counts. Raises CaseError, TooBusy."""
        return await self.desk.work.intakes(self._case())

    async def ways(self, present: dict[str, float]) -> Diet | None:
        """Up to three ways to change what is eaten, without what was declined. Raises CaseError, TooBusy."""
        return await self.desk.work.ways(self._case(), self.journey.declined, present)

    def ahead(self, depth: Depth) -> None:
        """Begin an assessment that the next page will need."""
        self.desk.work.ahead(self._case(depth), depth)

    async def care(self) -> CareCard | None:
        """The care card, where anything was told yet."""
        if not self.journey.told:
            return None
        try:
            return _with_signs(await self.assessment("bars"))
        except StillwellError:
            return None

    async def first_aid(self) -> list[str]:
        """What to do until help comes, in an emergency."""
        try:
            return [step.text for step in until_help(await self.assessment("bars"))]
        except StillwellError:
            return []

    async def who(self) -> str:
        """The name of somebody else whom the story is about; "" where it is about whoever tells it."""
        people = await run_in_threadpool(self.desk.store.people)
        name = next((p.name for p in people if p.id == self.record.person), "")
        return "" if name == words()["home"]["me"] else name

    async def waiting(self) -> WaitingResults | None:
        """Results that wait to be confirmed. Raises TooBusy."""
        return await waiting_of(self.desk.work, self.journey)

    async def page(self, template: str, step: str, status: int = 200, **context: Any) -> Response:
        """A step's page, with the care card on top where it is loud."""
        card = context.pop("care", None) or await self.care()
        emergency = card is not None and card.level == "emergency"
        return self.desk.page(
            template,
            status,
            **{
                "care": card,
                "loud": card is not None and (card.level in LOUD or step in ("urgent", "answer")),
                "labels": report_words().labels,
                "record": self,
                "journey": self.journey,
                "step": step,
                "steps": self.steps,
                "onward_from_here": self.at(ONWARD if self.journey.complaint else "tests"),
                "part": next(n for n, part in enumerate(PARTS, 1) if step in part),
                "who": await self.who(),
                "first_aid": await self.first_aid() if emergency else [],
                "waiting": await self.waiting(),
                "source_marks": lambda keys: "",
                **context,
            },
        )


def desk_of(request: Request) -> Desk:
    """The desk of the application that serves a request; on a shared server the one of its account."""
    desk: Desk = request.app.state.desk
    account = request.scope.get("account")
    if account is None:
        return desk
    return replace(desk, store=Owned(desk.store, account.id), account=account)


async def card_of(work: Work, case: Case) -> CareCard | None:
    """The care card of a case; None where it cannot be used."""
    try:
        return _with_signs(await work.assessment(case, "bars"))
    except StillwellError:
        return None


def _with_signs(assessed: Assessment) -> CareCard:
    """The card, with the signs below it where its own words speak of them."""
    card = care_card(assessed)
    speaks = any(alert.id == SOUNDS_URGENT for alert in assessed.urgency.alerts)
    if card.level != "today" or card.ask or not speaks:
        return card
    lead = knowledge().base.wording.alarms["ask_below"]
    return msgspec.structs.replace(card, ask=assessed.ask, ask_words=lead)


class TooLongError(StillwellError):
    """A field of a form holds more than is taken of it.

    Attributes:
        text: all of it; `most`: the letters that are taken.
    """

    def __init__(self, text: str, most: int) -> None:
        super().__init__(words()["errors"]["too_long"].format(most=most))
        self.text = text
        self.most = most

    def is_of(self, value: str) -> bool:
        """Whether a field of the form is the one."""
        return _typed(value) == self.text


def told(value: Any, most: int = 20_000) -> str:
    """A field of a form as text of one form's length.

    Raises:
        TooLongError: it holds more letters than that.
    """
    text = _typed(value)
    if len(text) > most:
        raise TooLongError(text, most)
    return text


def _typed(value: Any) -> str:
    from stillwell.characters import plain

    return plain(value if isinstance(value, str) else "").strip()


__all__ = ["Desk", "TooLongError", "Visit", "card_of", "desk_of", "templates", "told"]
