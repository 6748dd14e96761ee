"""Addresses: one person however the domain is written."""

from __future__ import annotations

import pytest

from core.mail.addresses import Address, normal
from core.mail.compose import addr_spec
from core.tokens import base_address


@pytest.mark.parametrize("email", ["eva@xn--mnchen-3ya.test", "Eva@MÜNCHEN.test", " eva@mu\u0308nchen.test "])
def test_an_international_domain_is_one_however_it_is_written(email: str) -> None:
    address = Address(email)
    assert (address.key, address.domain) == ("eva@münchen.test", "münchen.test")
    assert addr_spec(Address(address.key)) == "eva@xn--mnchen-3ya.test"


@pytest.mark.parametrize("email", ["eva@xn--zzzzzz99999.test", "eva@xn--.test", "xn--a@shop.example", "eva@xn--" + "a" * 100])
def test_what_cannot_be_decoded_stays_as_it_is(email: str) -> None:
    assert normal(email) == email


def test_the_mailbox_behind_a_signed_address_is_found_in_either_form() -> None:
    assert base_address("support+t7-x@xn--mnchen-3ya.test") == base_address("Support@münchen.test") == "support@münchen.test"
