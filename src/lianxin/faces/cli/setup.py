"""What a deployment needs before it can serve: Django, keys, tables, static files."""

import hashlib
from pathlib import Path


def django_ready() -> None:
    """Load Django's settings and apps."""
    import django

    django.setup()


def keys_ready() -> None:
    """Make the key ring at the first start."""
    from lianxin.platform import clock, keys

    if keys.create_ring(at=clock.now()):
        from django.conf import settings

        print(f"Made the key ring {settings.KEY_FILE}. Keep a copy of it apart from the backups.")


def tables_ready() -> None:
    """Bring the database to this version."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        print("Preparing the database …", flush=True)
        call_command("migrate", interactive=False, verbosity=0)


def static_ready() -> None:
    """Collect and compress the static files when they changed since the last start."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            digest.update(f"{path}:{storage.get_modified_time(path).timestamp()}\n".encode())
    stamp = Path(settings.VAR_DIR) / "static.stamp"
    if stamp.exists() and stamp.read_text() == digest.hexdigest() and Path(settings.STATIC_ROOT).is_dir():
        return
    print("Preparing static files …", flush=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(digest.hexdigest())


def everything_ready() -> None:
    """Do all of the above in order."""
    django_ready()
    keys_ready()
    tables_ready()
    static_ready()


def keep_stamp(*, program: str, greeting: str) -> None:
    """Note that everything is ready, so that the next start of the same program need not look."""
    from django.conf import settings
    from django.db import connection

    from lianxin.platform import prepared

    var_dir, static = Path(settings.VAR_DIR), Path(settings.STATIC_ROOT)
    prepared.keep_greeting(
        program=program,
        greeting=greeting,
        var_dir=var_dir,
        database=str(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else None,
        there=[Path(path) for path in (static, settings.KEY_FILE, settings.SECRET_KEY_FILE) if path],
        unchanged=[static / "staticfiles.json", var_dir / "static.stamp"],
    )
