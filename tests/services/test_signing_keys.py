"""Contract, section 2: signing keys, their rotation and how long they stay published."""

import asyncio
import stat
import time
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from services.auth import keys as module
from services.auth.keys import KeyDirectoryError, SigningKeys

DAY = 24 * 3600.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def keys(folder: Path) -> SigningKeys:
    made = SigningKeys(folder, DAY)
    made.prepare()
    return made


class Clock:
    """Seconds since 1970 as the test says."""

    def __init__(self) -> None:
        self.now = time.time()

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(module, "time", made)
    return made


def test_first_key_is_made_once(folder: Path, keys: SigningKeys) -> None:
    SigningKeys(folder, DAY).prepare()
    (file,) = folder.iterdir()
    assert file.name == f"{keys.current().made_at}-{keys.current().kid}.pem"


def test_only_the_owner_may_read_a_key(folder: Path, keys: SigningKeys) -> None:
    keys.rotate()
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.iterdir())]
    assert modes == [0o700, 0o600, 0o600]


def test_key_has_2048_bits_and_a_standard_public_form(keys: SigningKeys) -> None:
    jwk = keys.current().public_jwk()
    assert keys.current().private.key_size == 2048
    assert set(jwk) == {"kty", "use", "alg", "kid", "n", "e"}
    assert (jwk["kty"], jwk["use"], jwk["alg"], jwk["kid"]) == ("RSA", "sig", "RS256", keys.current().kid)
    public = serialization.load_pem_public_key(keys.current().public_pem().encode())
    assert public == keys.current().private.public_key()


def test_rotated_key_signs_and_the_old_one_stays_published(clock: Clock, keys: SigningKeys) -> None:
    old = keys.current()
    clock.now += 60
    new = keys.rotate()
    assert keys.current().kid == new.kid
    assert [key.kid for key in keys.published()] == [old.kid, new.kid]


def test_old_key_is_published_until_its_last_token_has_expired(clock: Clock, keys: SigningKeys) -> None:
    old = keys.current()
    clock.now += 10 * DAY
    new = keys.rotate()
    clock.now = new.made_at + DAY - 1
    assert [key.kid for key in keys.published()] == [old.kid, new.kid]
    clock.now = new.made_at + DAY + 1
    assert [key.kid for key in keys.published()] == [new.kid]


def test_key_rotated_in_within_the_same_second_signs(clock: Clock, keys: SigningKeys) -> None:
    for _ in range(3):
        assert keys.rotate().kid == keys.current().kid


def test_two_instances_share_a_folder(folder: Path, clock: Clock, keys: SigningKeys) -> None:
    other = SigningKeys(folder, DAY)
    other.prepare()
    assert other.current().kid == keys.current().kid
    seen = other.generation
    clock.now += 60
    new = keys.rotate()
    assert other.current().kid == new.kid
    assert other.generation > seen


def test_unfinished_file_is_not_a_key(folder: Path, keys: SigningKeys) -> None:
    (folder / "9999999999-x.new").write_text("half")
    assert len(keys.published()) == 1


def test_keys_are_found_by_kid(keys: SigningKeys) -> None:
    kid = keys.current().kid
    assert [key.key_id for key in asyncio.run(keys.find(kid))] == [kid]
    assert [key.key_id for key in asyncio.run(keys.find(None))] == [kid]
    assert asyncio.run(keys.find("other")) == []


def test_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(KeyDirectoryError, match=r"cannot write a signing key into .*file/keys"):
        SigningKeys(tmp_path / "file" / "keys", DAY).prepare()


def test_folder_that_is_gone_is_named(folder: Path) -> None:
    with pytest.raises(KeyDirectoryError, match=r"cannot read the signing keys in .*keys"):
        SigningKeys(folder, DAY).current()


def test_damaged_file_is_reported(folder: Path) -> None:
    folder.mkdir()
    (folder / "1-a.pem").write_text("no key")
    with pytest.raises(KeyDirectoryError, match="cannot read the signing keys"):
        SigningKeys(folder, DAY).prepare()


@pytest.mark.parametrize("name", ["1-a.pem", "1.pem", "soon-a.pem"])
def test_file_that_is_no_named_rsa_key_is_reported(folder: Path, keys: SigningKeys, name: str) -> None:
    pem = next(folder.iterdir()).read_bytes()
    if name == "1-a.pem":
        curve = ec.generate_private_key(ec.SECP256R1())
        kind = serialization.PrivateFormat.PKCS8
        pem = curve.private_bytes(serialization.Encoding.PEM, kind, serialization.NoEncryption())
    (folder / name).write_bytes(pem)
    with pytest.raises(KeyDirectoryError, match="cannot read the signing keys"):
        SigningKeys(folder, DAY).prepare()
