"""Contract, section 2: Telegram Web App init data."""

import contextlib
import json
import time
from collections.abc import Callable
from urllib.parse import urlencode

import pytest

from services.auth.telegram import MAX_AGE_SECONDS, read_init_data, signature
from services.common.errors import Refusal

BOT = "12345:secret-of-the-bot"
USER = {"id": 42, "first_name": "Ada", "username": "ada", "is_premium": True, "language_code": "en"}

Fields = dict[str, str]


def fields(user: object = USER, age: float = 10) -> Fields:
    return {"query_id": "AAE=", "auth_date": str(int(time.time() - age)), "user": json.dumps(user)}


def encoded(known: Fields, bot: str = BOT) -> str:
    return urlencode(known | {"hash": signature(known, bot)})


def refused(raw: str | None) -> tuple[int, str]:
    with pytest.raises(Refusal) as raised:
        read_init_data(raw, BOT)
    return raised.value.status, raised.value.code


def test_signed_data_names_the_user() -> None:
    user = read_init_data(encoded(fields()), BOT)
    assert (user.telegram_id, user.first_name, user.username, user.last_name) == (42, "Ada", "ada", None)
    assert user.is_premium
    assert user.language_code == "en"


def test_signature_is_the_documented_one() -> None:
    # Worked out with openssl: an HMAC of "a=1\\nb=2" keyed with the HMAC of the bot token.
    assert signature({"b": "2", "a": "1"}, "1:a") == "36558eee4fcdf7661d4ba806bdeecd7e615a341fc9ce97904fe0dbc210500c43"


def test_hash_in_capitals_is_the_same_hash() -> None:
    known = fields()
    assert read_init_data(urlencode(known | {"hash": signature(known, BOT).upper()}), BOT).telegram_id == 42


@pytest.mark.parametrize("raw", [None, ""])
def test_missing_data(raw: str | None) -> None:
    assert refused(raw) == (400, "missing_init_data")


def _changed(known: Fields) -> str:
    return encoded(known).replace("Ada", "Eve")


def _other_bot(known: Fields) -> str:
    return encoded(known, "999:other")


def _added(known: Fields) -> str:
    return f"{encoded(known)}&extra=1"


def _no_ascii_hash(known: Fields) -> str:
    return urlencode(known | {"hash": "ü" * 64})


@pytest.mark.parametrize("tamper", [_changed, _other_bot, _added, _no_ascii_hash])
def test_data_that_telegram_did_not_sign(tamper: Callable[[Fields], str]) -> None:
    assert refused(tamper(fields())) == (401, "invalid_telegram_signature")


@pytest.mark.parametrize(
    "raw",
    [
        "nonsense",
        "a=1&&b",
        urlencode({"auth_date": "5"}),
        urlencode({"auth_date": "5", "hash": ""}),
        "&".join(f"f{n}=1" for n in range(100)),
    ],
)
def test_data_that_cannot_be_read(raw: str) -> None:
    assert refused(raw) == (400, "invalid_init_data_format")


@pytest.mark.parametrize("date", [None, "", "yesterday", "1" * 13, "-5", "٣"])
def test_signed_data_without_a_usable_date(date: str | None) -> None:
    known = {name: value for name, value in (fields() | {"auth_date": date}).items() if value is not None}
    assert refused(encoded(known)) == (400, "invalid_init_data_format")


@pytest.mark.parametrize(
    "change",
    [{}, {"auth_date": "1"}, {"auth_date": "yesterday"}, {"auth_date": "9" * 12}, {"user": "{"}, {"user": "{}"}],
)
@pytest.mark.parametrize("wrong", ["00", "ab" * 32])
def test_wrong_hash_decides_before_all_else(change: Fields, wrong: str) -> None:
    known = fields() | change
    assert refused(urlencode(known | {"hash": wrong})) == (401, "invalid_telegram_signature")
    assert refused(urlencode({"hash": wrong})) == (401, "invalid_telegram_signature")


def test_field_named_twice_is_refused_though_signed() -> None:
    assert refused(f"{encoded(fields())}&query_id=AAE%3D") == (400, "invalid_init_data_format")


def test_age_up_to_a_day_is_accepted() -> None:
    assert read_init_data(encoded(fields(age=MAX_AGE_SECONDS - 5)), BOT).telegram_id == 42
    assert refused(encoded(fields(age=MAX_AGE_SECONDS + 5))) == (400, "expired_auth_date")


def test_date_in_the_future_is_refused() -> None:
    assert read_init_data(encoded(fields(age=-60)), BOT).telegram_id == 42
    assert refused(encoded(fields(age=-3600))) == (400, "invalid_init_data_format")


@pytest.mark.parametrize(
    "user",
    [
        None,
        [],
        "text",
        {"first_name": "Ada"},
        {"id": "42", "first_name": "Ada"},
        {"id": True, "first_name": "Ada"},
        {"id": 0, "first_name": "Ada"},
        {"id": 2**63, "first_name": "Ada"},
        {"id": 4.5, "first_name": "Ada"},
        {"id": 42},
        {"id": 42, "first_name": "  "},
        {"id": 42, "first_name": 7},
        {"id": 42, "first_name": "A\x00"},
    ],
)
def test_bad_user(user: object) -> None:
    assert refused(encoded(fields(user))) == (401, "invalid_user_data")


def test_data_without_a_user() -> None:
    known = fields()
    del known["user"]
    assert refused(encoded(known)) == (401, "invalid_user_data")


def test_text_that_cannot_be_stored_is_left_out() -> None:
    user = read_init_data(encoded(fields(USER | {"username": "a\x00", "last_name": 5})), BOT)
    assert (user.username, user.last_name) == (None, None)


@pytest.mark.parametrize("user", [{"id": 42, "first_name": "\ud800"}, USER | {"username": "\ud800"}])
def test_half_a_character_does_not_reach_the_database(user: object) -> None:
    with contextlib.suppress(Refusal):
        read = read_init_data(encoded(fields(user)), BOT)
        assert f"{read.first_name}{read.username}".encode()
