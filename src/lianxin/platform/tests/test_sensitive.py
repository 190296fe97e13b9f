"""Sealed values stay shut, in their column, and readable through every rotation of keys."""

import copy
import hashlib
import hmac
import json
import pickle
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.exceptions import FieldError
from django.db import connection, models
from django.test.utils import isolate_apps

from lianxin.platform import keys
from lianxin.platform.sensitive import (
    DigestColumn,
    Sealed,
    SealedField,
    Unreadable,
    digest,
    digest_candidates,
    reencrypt,
    reencrypt_all,
    seal,
)

AT = datetime(2026, 6, 1, tzinfo=UTC)
PHONE = "people.person.phone"


@pytest.fixture(autouse=True)
def ring_file(tmp_path: Path, settings) -> Path:
    settings.KEY_FILE = tmp_path / "keys.json"
    keys.create_ring(at=AT)
    return settings.KEY_FILE


@pytest.fixture
def note(db):
    """A model with a sealed column, a digest beside it, and a real table for the length of the test."""
    with isolate_apps("lianxin.platform"):

        class Note(models.Model):
            phone = SealedField(null=True)
            phone_digest = models.CharField(max_length=64, default="")

            class Meta:
                app_label = "platform"
                db_table = "test_sealed_note"

        kind = "bytea" if connection.vendor == "postgresql" else "blob"
        with connection.cursor() as cursor:
            cursor.execute(
                f"CREATE TABLE test_sealed_note"
                f" (id bigint PRIMARY KEY, phone {kind}, phone_digest varchar(64) NOT NULL)"
            )
        yield Note


def hexed(text: str) -> bytes:
    return bytes.fromhex(text.replace(" ", ""))


def test_aes_gcm_gives_the_published_vector():
    """Test case 16 of the GCM specification by McGrew and Viega (AES-256, with associated data)."""
    cipher = keys.CIPHERS["aes-256-gcm"][1](hexed("feffe9928665731c6d6a8f9467308308" * 2))
    plain = hexed(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
    )

    sealed = cipher.encrypt(hexed("cafebabefacedbaddecaf888"), plain, hexed("feedfacedeadbeeffeedfacedeadbeefabaddad2"))

    assert sealed == hexed(
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
        "76fc6ece0f4e1768cddf8853bb2d551b"
    )


def test_sm4_gcm_gives_the_vector_of_rfc_8998():
    cipher = keys.CIPHERS["sm4-gcm"][1](hexed("0123456789abcdeffedcba9876543210"))
    nonce, data = hexed("00001234567800000000abcd"), hexed("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    plain = hexed(
        "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
        "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa"
    )

    sealed = cipher.encrypt(nonce, plain, data)

    assert sealed == hexed(
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec"
    )
    assert cipher.decrypt(nonce, sealed, data) == plain


@pytest.mark.parametrize("algorithm", ["aes-256-gcm", "sm4-gcm"])
@pytest.mark.parametrize("text", ["13800138000", "", "莫𡐓村", "长" * 5000])
def test_what_was_sealed_is_revealed(algorithm, text):
    keys.rotate(kind="encryption", at=AT, algorithm=algorithm)

    sealed = seal(text, PHONE)

    assert sealed.reveal() == text
    assert text.encode() not in sealed.ciphertext or not text


def test_the_same_text_is_never_sealed_alike():
    assert seal("13800138000", PHONE).ciphertext != seal("13800138000", PHONE).ciphertext


@pytest.mark.parametrize("algorithm", ["aes-256-gcm", "sm4-gcm"])
def test_a_ciphertext_cannot_move_to_another_column(algorithm):
    keys.rotate(kind="encryption", at=AT, algorithm=algorithm)
    moved = Sealed(seal("13800138000", PHONE).ciphertext, "people.person.id_number")

    with pytest.raises(Unreadable, match="moved"):
        moved.reveal()


@pytest.mark.parametrize("algorithm", ["aes-256-gcm", "sm4-gcm"])
def test_every_changed_byte_is_noticed(algorithm):
    keys.rotate(kind="encryption", at=AT, algorithm=algorithm)
    good = seal("138", PHONE).ciphertext

    for place in range(len(good)):
        changed = bytearray(good)
        changed[place] ^= 1

        with pytest.raises(Unreadable):
            Sealed(bytes(changed), PHONE).reveal()


def test_a_truncated_value_is_unreadable():
    with pytest.raises(Unreadable):
        Sealed(seal("138", PHONE).ciphertext[:20], PHONE).reveal()


def test_a_sealed_value_shows_nothing_of_itself():
    sealed = seal("13800138000", PHONE)

    shown = f"{sealed} {sealed!r} {[sealed]} {pickle.dumps(sealed)!r}"

    assert str(sealed) == "••••"
    assert "13800138000" not in shown
    with pytest.raises(TypeError):
        json.dumps(sealed)


def test_a_sealed_value_survives_pickle_and_copy():
    sealed = seal("13800138000", PHONE)

    twins = [pickle.loads(pickle.dumps(sealed)), copy.deepcopy(sealed)]

    assert [twin.reveal() for twin in twins] == ["13800138000"] * 2
    assert twins == [sealed, sealed]


def test_comparing_by_content_is_refused_aloud():
    one, other = seal("138", PHONE), seal("138", PHONE)

    with pytest.raises(TypeError, match="digest"):
        assert one == other
    with pytest.raises(TypeError, match="digest"):
        assert one == "138"
    assert one not in ("", None, [], {})


def test_digests_are_keyed_bound_to_their_purpose_and_32_hex_digits(tmp_path, settings):
    here = digest("13800138000", PHONE)
    settings.KEY_FILE = tmp_path / "other.json"
    keys.create_ring(at=AT)

    assert here == here.lower()
    assert len(bytes.fromhex(here)) == 16
    assert digest("13800138000", PHONE) != here
    assert digest("13800138000", "people.account.phone") != digest("13800138000", PHONE)


def test_a_digest_is_the_beginning_of_the_published_hmac():
    secret = next(key.secret for key in keys.ring().keys if key.kind == "digest")

    whole = hmac.new(secret, (PHONE + "\0" + "138").encode(), hashlib.sha256).hexdigest()
    assert digest("138", PHONE) == whole[:32]


def test_old_digests_are_found_after_the_digest_key_changed():
    old = digest("138", PHONE)

    keys.rotate(kind="digest", at=AT, algorithm="hmac-sm3")

    assert digest("138", PHONE) != old
    assert digest_candidates("138", PHONE) == [digest("138", PHONE), old]


def test_a_model_gives_back_the_sealed_value_and_the_column_holds_no_plain_text(note):
    note.objects.create(id=1, phone=note._meta.get_field("phone").seal("13800138000"))
    note.objects.create(id=2, phone=None)

    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM test_sealed_note WHERE id = 1")
        stored = bytes(cursor.fetchone()[0])

    assert note.objects.get(pk=1).phone.reveal() == "13800138000"
    assert note.objects.get(pk=2).phone is None
    assert list(note.objects.filter(phone=None).values_list("pk", flat=True)) == [2]
    assert b"138" not in stored
    assert note._meta.get_field("phone").purpose == "platform.note.phone"


def test_plain_text_and_values_of_another_column_are_refused_on_saving(note):
    with pytest.raises(TypeError, match="takes a sealed value"):
        note.objects.create(id=1, phone="13800138000")
    with pytest.raises(TypeError, match="sealed for"):
        note.objects.create(id=1, phone=seal("13800138000", PHONE))


def test_a_sealed_column_cannot_be_searched(note):
    with pytest.raises(FieldError):
        note.objects.filter(phone=seal("138", "platform.note.phone")).exists()
    with pytest.raises(FieldError):
        note.objects.filter(phone__in=[b"x"]).exists()


def test_a_serialised_value_is_its_ciphertext(note):
    field = note._meta.get_field("phone")
    row = note(id=1, phone=field.seal("138"))

    back = field.to_python(field.value_to_string(row))

    assert back.reveal() == "138"


def test_a_rotated_key_seals_what_is_new_and_still_opens_what_is_old():
    old = seal("138", PHONE)

    keys.rotate(kind="encryption", at=AT, algorithm="sm4-gcm")

    new = seal("138", PHONE)
    assert (old.key_id, new.key_id) == (1, 2)
    assert old.reveal() == new.reveal() == "138"


def test_a_key_that_another_process_added_is_found_at_once(ring_file):
    keys.ring()
    held = dict(keys._loaded)
    keys.rotate(kind="encryption", at=AT)
    sealed = seal("138", PHONE)
    keys._loaded.clear()
    keys._loaded.update(held)

    assert sealed.reveal() == "138"


def test_reencryption_goes_chunk_by_chunk_and_takes_up_where_it_stopped(note):
    purpose = "platform.note.phone"
    for number in range(1, 8):
        text = f"1380013800{number}"
        note.objects.create(id=number, phone=seal(text, purpose), phone_digest=digest(text, purpose))
    note.objects.create(id=8, phone=None)
    keys.rotate(kind="encryption", at=AT, algorithm="sm4-gcm")
    keys.rotate(kind="digest", at=AT)
    columns = (DigestColumn("phone_digest", purpose),)

    first = reencrypt(model=note, field="phone", chunk=3, digests=columns)
    second = reencrypt(model=note, field="phone", chunk=3, after=first.last, digests=columns)
    third = reencrypt(model=note, field="phone", chunk=3, after=second.last, digests=columns)

    assert [(s.seen, s.changed, s.finished) for s in (first, second, third)] == [
        (3, 3, False),
        (3, 3, False),
        (1, 1, True),
    ]
    assert {row.phone.key_id for row in note.objects.exclude(phone=None)} == {2}
    assert note.objects.get(phone_digest=digest("13800138005", purpose)).phone.reveal() == "13800138005"
    assert reencrypt_all(columns={note: {"phone": columns}}, chunk=2) == 0


def test_reencryption_leaves_a_row_that_somebody_changed_meanwhile(note, monkeypatch):
    purpose = "platform.note.phone"
    note.objects.create(id=1, phone=seal("old", purpose))
    keys.rotate(kind="encryption", at=AT)
    reveal = Sealed.reveal

    def reveal_while_another_writes(sealed: Sealed) -> str:
        note.objects.filter(pk=1).update(phone=seal("new", purpose))
        return reveal(sealed)

    monkeypatch.setattr(Sealed, "reveal", reveal_while_another_writes)
    reencrypt(model=note, field="phone")
    monkeypatch.undo()

    assert note.objects.get(pk=1).phone.reveal() == "new"


def test_the_key_file_is_made_once_and_only_its_owner_may_read_it(ring_file):
    before = ring_file.read_bytes()

    made = keys.create_ring(at=AT)

    assert made is False
    assert ring_file.read_bytes() == before
    assert ring_file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in ring_file.parent.iterdir()] == ["keys.json"]


def test_a_key_file_that_others_may_read_is_refused_with_a_sentence(ring_file):
    ring_file.chmod(0o640)

    with pytest.raises(keys.KeyFileProblem, match="chmod 600"):
        keys.load_ring(ring_file)


@pytest.mark.parametrize("damage", ["", "{}", '{"version": 1, "keys": []}', '{"version": 9, "keys": []}', "[1]"])
def test_a_damaged_key_file_is_refused_with_a_sentence(ring_file, damage):
    ring_file.write_text(damage)

    with pytest.raises(keys.KeyFileProblem, match="key file"):
        keys.load_ring(ring_file)


def test_a_missing_key_file_is_refused_with_a_sentence(ring_file):
    ring_file.unlink()

    with pytest.raises(keys.KeyFileProblem, match="missing"):
        keys.ring()


def test_secrets_never_show_in_a_repr():
    assert all(repr(key.secret) not in repr(key) and "secret" not in repr(key) for key in keys.ring().keys)


def test_signatures_hold_for_exactly_their_message_after_a_rotation_too():
    algorithm, key_id, signature = keys.sign(b"root 1")
    keys.rotate(kind="signing", at=AT)

    assert keys.verify(b"root 1", algorithm, key_id, signature)
    assert not keys.verify(b"root 2", algorithm, key_id, signature)
    assert not keys.verify(b"root 1", algorithm, "9", signature)
    assert not keys.verify(b"root 1", algorithm, key_id, "no hex")
    assert keys.sign(b"root 2")[1] == "2"


def test_an_unknown_algorithm_is_refused_and_leaves_the_ring_as_it_was(ring_file):
    before = ring_file.read_bytes()

    with pytest.raises(keys.KeyFileProblem, match="aes-256-gcm"):
        keys.rotate(kind="encryption", at=AT, algorithm="rot13")

    assert ring_file.read_bytes() == before


def test_the_default_back_end_is_the_plain_library_cipher():
    assert isinstance(keys.ring().ciphers[1], AESGCM)
