"""The consent of a mailbox's owner at a provider: by a code he types in, or a page he opens; and tokens that are asked for when needed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from core.errors import Invalid, PermanentFailure, TemporaryFailure
from core.imap.consent import Provider, google, microsoft
from core.imap.oauth import access_token
from core.mail.connection import Connection
from tests.fakes.identity import GOOD, PENDING, Idp, identity_provider


@pytest.fixture
async def idp() -> AsyncIterator[Idp]:
    async with identity_provider() as served:
        yield served


def paged(idp: Idp) -> Provider:
    return replace(google("id", "secret"), token_url=f"{idp.url}/common/oauth2/v2.0/token")


async def test_a_code_is_typed_in_elsewhere_while_we_wait(idp: Idp) -> None:
    told: list[str] = []
    idp.answers = [PENDING, PENDING, GOOD]
    found = await microsoft("id", login=idp.url).consent("support@example.org", told.append, lambda _: "")
    assert (found.host, found.user, found.refresh_token, found.uses_oauth) == ("outlook.office365.com", "support@example.org", "r", True)
    assert "ABCD" in told[0] and len(idp.asked) == 3


@pytest.mark.parametrize(("answer", "words"), [((400, {"error": "access_denied"}), "no consent"), ((200, {"access_token": "a"}), "no lasting access"),
                                               (PENDING, "Nobody typed")])  # fmt: skip
async def test_who_does_not_consent_is_told_so(idp: Idp, answer: tuple[int, dict[str, object]], words: str) -> None:
    idp.answers = [answer]
    with pytest.raises(PermanentFailure, match=words):
        await microsoft("id", login=idp.url).consent("support@example.org", lambda _: None, lambda _: "")


async def test_a_page_is_opened_and_where_it_ended_is_pasted(idp: Idp) -> None:
    told: list[str] = []
    idp.answers = [GOOD]

    def pasted(_: str) -> str:
        return f"http://127.0.0.1:1/?state={parse_qs(urlsplit(told[0].split()[-1]).query)['state'][0]}&code=c0de"

    found = await paged(idp).consent("support@example.org", told.append, pasted)
    assert (found.refresh_token, idp.asked[0]["code"], "code_verifier" in idp.asked[0]) == ("r", "c0de", True)


async def test_a_page_of_another_consent_is_refused(idp: Idp) -> None:
    with pytest.raises(Invalid, match="begin again"):
        await paged(idp).consent("support@example.org", lambda _: None, lambda _: "http://127.0.0.1:1/?state=other&code=c0de")


async def test_a_token_is_asked_for_with_what_the_consent_gave(idp: Idp) -> None:
    idp.answers = [GOOD]
    connection = Connection("h", "u", token_url=f"{idp.url}/common/oauth2/v2.0/token", client_id="id", refresh_token="kept")
    assert await access_token(connection) == "a"
    assert [(form["grant_type"], form["refresh_token"]) for form in idp.asked] == [("refresh_token", "kept")]


@pytest.mark.parametrize(
    ("answer", "failure"), [((400, {"error": "invalid_grant"}), PermanentFailure), ((503, {"error": "later"}), TemporaryFailure)]
)
async def test_a_consent_that_ended_is_a_persons_business_and_a_provider_that_is_down_is_not(
    idp: Idp, answer: tuple[int, dict[str, object]], failure: type[Exception]
) -> None:
    idp.answers = [answer]
    connection = Connection("h", "u", token_url=f"{idp.url}/common/oauth2/v2.0/token", client_id="id", refresh_token=failure.__name__)
    with pytest.raises(failure):
        await access_token(connection)
