"""An account on a shared server: sign up, in and out, change the password, read the trail, delete it all."""

from __future__ import annotations

from typing import Any

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from stillwell.store.accounts import LEAST, MOST, NAME, Account, Accounts
from stillwell.store.errors import AccountError
from stillwell.store.sessions import Sessions
from stillwell.store.store import Store
from stillwell.store.trail import lines
from stillwell.web.desk import desk_of, told
from stillwell.web.door import forget_token, keep_token, token_of
from stillwell.web.limits import Limit, neighbourhood
from stillwell.web.wording import words

AT_ONCE = 2  # passwords that are hashed at the same time: each takes 64 MiB


class Office:
    """What the pages of accounts share: the accounts, the sessions, and how often was tried."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.accounts = Accounts(store)
        self.sessions = Sessions(store.database)
        self.by_address = Limit(free=20, most_s=900)
        self.by_name = Limit(free=5, most_s=60)  # so that nobody can lock another out for long
        self._turns: anyio.CapacityLimiter | None = None

    async def hashed(self, does: Any, *args: Any) -> Any:
        """Do something that hashes a password; a few at a time."""
        if self._turns is None:
            self._turns = anyio.CapacityLimiter(AT_ONCE)
        return await anyio.to_thread.run_sync(does, *args, limiter=self._turns)

    def wait_s(self, request: Request, name: str) -> float:
        """How long this address or name has to wait before it may try again, in seconds."""
        return max(
            self.by_address.wait_s(_address(request)), self.by_name.wait_s(name) if name else 0.0
        )

    def tried(self, request: Request, name: str) -> None:
        """Count a try."""
        self.by_address.failed(_address(request))
        if name:
            self.by_name.failed(name)

    def was_right(self, request: Request, name: str) -> None:
        """It was a right one."""
        self.by_address.forget(_address(request))
        self.by_name.forget(name)


def _address(request: Request) -> str:
    return neighbourhood(request.client.host if request.client else "")


def _office(request: Request) -> Office:
    office: Office = request.app.state.accounts
    return office


def account_of(request: Request) -> Account:
    """Who is signed in. The door lets nobody else to these pages."""
    account = request.scope.get("account")
    if not isinstance(account, Account):
        raise HTTPException(404)
    return account


async def sign_in(request: Request) -> Response:
    """Name and password."""
    if request.method == "GET":
        return _page(request, "sign_in.html.j2")
    office, form = _office(request), await request.form()
    name, key = told(form.get("name"), 200), told(form.get("name"), 200).casefold()
    wait = office.wait_s(request, key)
    if wait > 0:
        return _too_often(request, "sign_in.html.j2", wait, name)
    office.tried(request, key)
    account = await office.hashed(office.accounts.sign_in, name, _secret(form.get("password")))
    if account is None:
        return _page(request, "sign_in.html.j2", 422, "wrong", typed=name)
    office.was_right(request, key)
    return await _signed_in(request, account)


async def sign_up(request: Request) -> Response:
    """A new account, by invitation."""
    if request.method == "GET":
        return _page(request, "sign_up.html.j2")
    office, form = _office(request), await request.form()
    code, name = told(form.get("code"), 100), told(form.get("name"), 200)
    wait = office.wait_s(request, "")
    if wait > 0:
        return _too_often(request, "sign_up.html.j2", wait, name, code)
    office.tried(request, "")
    password = _secret(form.get("password"))
    try:
        account = await office.hashed(office.accounts.sign_up, code, name, password)
    except AccountError as error:
        return _page(request, "sign_up.html.j2", 422, error.reason, typed=name, code=code)
    office.was_right(request, "")
    return await _signed_in(request, account)


async def _signed_in(request: Request, account: Account) -> Response:
    """A new session, whatever one there was before."""
    office = _office(request)
    before = request.scope.get("account")
    if isinstance(before, Account):
        await run_in_threadpool(office.sessions.end, token_of(request), before.id)
    token = await run_in_threadpool(office.sessions.begin, account.id)
    response = RedirectResponse("/", 303)
    keep_token(request, response, token)
    return response


async def sign_out(request: Request) -> Response:
    """End this session, or all of them."""
    office, account = _office(request), account_of(request)
    if (await request.form()).get("where") == "everywhere":
        await run_in_threadpool(office.sessions.end_all, account.id)
    else:
        await run_in_threadpool(office.sessions.end, token_of(request), account.id)
    response = RedirectResponse("/sign-in", 303)
    forget_token(request, response)
    return response


async def show(request: Request) -> Response:
    """What can be done with an account, and what was done with it."""
    return await _show(request)


async def _show(request: Request, error: str = "", target: str = "") -> Response:
    account = account_of(request)
    done = await run_in_threadpool(lines, _office(request).store.database, account.id)
    return _page(request, "account.html.j2", 422 if error else 200, error, target=target, trail=done)  # fmt: skip


async def change_password(request: Request) -> Response:
    """Another password, for whoever knows the one there is."""
    office, account = _office(request), account_of(request)
    form = await request.form()
    if refusal := await _confirm(request, _secret(form.get("old"))):
        return refusal
    try:
        new = _secret(form.get("password"))
        await office.hashed(office.accounts.change_password, account, new)
    except AccountError as error:
        return await _show(request, error.reason, "password")
    token = await run_in_threadpool(office.sessions.begin, account.id)
    response = RedirectResponse("/account", 303)
    keep_token(request, response, token)
    return response


async def delete(request: Request) -> Response:
    """Asks for the password before an account is deleted with all that is in it."""
    office, account = _office(request), account_of(request)
    if request.method == "GET":
        return _page(request, "account_delete.html.j2")
    if refusal := await _confirm(request, _secret((await request.form()).get("old"))):
        return refusal
    await run_in_threadpool(office.accounts.delete, account)
    del request.scope["account"]
    response = _page(request, "account_deleted.html.j2")
    forget_token(request, response)
    return response


async def _confirm(request: Request, password: str) -> Response | None:
    """What is answered where that is not the password; None where it is."""
    office, account = _office(request), account_of(request)
    wait = office.wait_s(request, account.id)
    if wait > 0:
        return _too_often(request, "sign_in.html.j2", wait, account.name)
    office.tried(request, account.id)
    if not await office.hashed(office.accounts.confirmed, account, password):
        if request.url.path.endswith("/delete"):
            return _page(request, "account_delete.html.j2", 422, "wrong_old")
        return await _show(request, "wrong_old", "old")
    office.was_right(request, account.id)
    return None


def _too_often(
    request: Request, template: str, wait_s: float, typed: str, code: str = ""
) -> Response:
    response = _page(request, template, 429, "too_often", typed=typed, code=code)
    response.headers["Retry-After"] = str(int(wait_s) + 1)
    return response


def _page(request: Request, template: str, status: int = 200, error: str = "", **more: Any) -> Response:  # fmt: skip
    say = words()["account"]["errors"]
    said = say[error].format(least=LEAST, most=MOST, name=NAME) if error else ""
    target = more.pop("target", "") or {"name": "name", "taken": "name", "invitation": "code", "wrong_old": "old"}.get(error, "password")  # fmt: skip
    shown = {"typed": "", "code": "", "least": LEAST, **more}
    return desk_of(request).page(template, status, error=said, target=target, **shown)


def _secret(value: Any) -> str:
    """A password as it was typed."""
    return value if isinstance(value, str) else ""


routes = [
    Route("/sign-in", sign_in, methods=["GET", "POST"]),
    Route("/sign-up", sign_up, methods=["GET", "POST"]),
    Route("/sign-out", sign_out, methods=["POST"]),
    Route("/account", show),
    Route("/account/password", change_password, methods=["POST"]),
    Route("/account/delete", delete, methods=["GET", "POST"]),
]
