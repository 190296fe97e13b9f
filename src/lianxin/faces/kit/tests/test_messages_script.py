import pytest

from lianxin.faces.kit.tests.test_assets import script


@pytest.fixture
def messages(tmp_path, monkeypatch):
    module = script("messages")
    app = tmp_path / "shop"
    (app / "templates").mkdir(parents=True)
    (app / "apps.py").write_text("")
    (app / "texts.py").write_text(
        "from django.utils.translation import gettext as _, pgettext_lazy as p\n"
        'A = _("Open")\nB = p("door", "Open")\nC = _("Gone")\n'
    )
    (app / "templates" / "page.html").write_text(
        "{% blocktranslate count n=n %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}"
    )
    monkeypatch.setattr(module, "SOURCE", tmp_path)
    return module


def po(messages):
    return messages.SOURCE / "shop/locale/zh_Hans/LC_MESSAGES/django.po"


def translate(messages, words):
    catalog = messages.read(po(messages))
    for message in catalog:
        if message.id:
            text = words[(message.context, messages.first(message))]
            message.string = (text,) if message.pluralizable else text
    messages.save(po(messages), catalog)


WORDS = {(None, "Open"): "打开", ("door", "Open"): "开门", (None, "Gone"): "没了", (None, "%(n)s day"): "%(n)s 天"}


def test_python_and_templates_are_read_with_contexts_and_plurals(messages):
    messages.extract_all(messages.apps())

    found = {(message.context, messages.first(message)) for message in messages.read(po(messages)) if message.id}
    assert found == set(WORDS)


def test_a_new_msgid_fails_the_check_until_it_is_translated(messages):
    messages.extract_all(messages.apps())
    before = messages.check_all(messages.apps())

    translate(messages, WORDS)

    assert (before, messages.check_all(messages.apps())) == (1, 0)


def test_a_second_extraction_keeps_translations_and_changes_nothing(messages):
    messages.extract_all(messages.apps())
    translate(messages, WORDS)
    text = po(messages).read_text()

    messages.extract_all(messages.apps())

    assert po(messages).read_text() == text
    assert "没了" in text


def test_an_unused_translation_is_kept_and_comes_back(messages):
    messages.extract_all(messages.apps())
    translate(messages, WORDS)
    source = messages.SOURCE / "shop/texts.py"
    text = source.read_text()

    source.write_text(text.replace('C = _("Gone")\n', ""))
    messages.extract_all(messages.apps())
    kept = po(messages).read_text()
    source.write_text(text)
    messages.extract_all(messages.apps())

    assert '#~ msgstr "没了"' in kept
    assert messages.check_all(messages.apps()) == 0


def test_a_translation_may_not_invent_a_placeholder(messages, capsys):
    messages.extract_all(messages.apps())
    translate(messages, WORDS | {(None, "%(n)s day"): "%(m)s 天"})

    assert messages.check_all(messages.apps()) == 1
    assert "unknown placeholder" in capsys.readouterr().out


def test_two_apps_may_not_translate_one_msgid_differently(messages, capsys):
    other = messages.SOURCE / "venue"
    other.mkdir()
    (other / "apps.py").write_text("from django.utils.translation import gettext as _\nA = _('Open')\n")
    messages.extract_all(messages.apps())
    translate(messages, WORDS)
    path = messages.catalogue_path(other)
    catalog = messages.read(path)
    catalog.get("Open").string = "营业中"
    messages.save(path, catalog)

    assert messages.check_all(messages.apps()) == 1
    assert "two translations" in capsys.readouterr().out


def test_compiled_catalogues_are_read_by_gettext(messages):
    import gettext

    messages.extract_all(messages.apps())
    translate(messages, WORDS)
    messages.compile_all(messages.apps())

    with po(messages).with_suffix(".mo").open("rb") as file:
        catalogue = gettext.GNUTranslations(file)
    assert catalogue.gettext("Open") == "打开"
    assert catalogue.pgettext("door", "Open") == "开门"
    assert catalogue.ngettext("%(n)s day", "%(n)s days", 3) == "%(n)s 天"
