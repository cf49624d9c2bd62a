"""Migrating, and what to say when a database is of a version that this program does not know."""

from service.stack.trouble import StackError


def migrate(url: str) -> None:
    """Brings the database at ``url`` (its owner's) to this version; StackError when it is of a later one."""
    # Alembic takes a while to import, and only `run` and `migrate` need it.
    from alembic.util import CommandError

    from migrations.upgrade import upgrade

    try:
        upgrade(url)
    except CommandError as error:
        raise StackError(
            "数据库由更新版本的 Kaohe 建立，本版本不能使用；请升级程序，或用 KAOHE_DATA_DIR 另选数据文件夹。",
            "The database was made by a later version of Kaohe, and this one cannot use it; "
            "upgrade the program, or choose another folder with KAOHE_DATA_DIR.",
            lines=(str(error),),
        ) from None
