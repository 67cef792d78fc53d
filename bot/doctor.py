"""selfiebot doctor: what works on this machine, and what to do about what does not. Changes nothing."""

import importlib.metadata
import os
import re
import shutil
import socket
import sys
from collections.abc import Awaitable, Callable, Iterator

from bot.chats import check_platform
from bot.findings import Finding, Verdict
from bot.painter_doctor import examine_painter
from bot.settings import Settings
from bot.shelf import read_styles
from db.health import DatabaseUnusable, version
from generation.engine import Engine, load_engine
from generation.face.models import ModelsMissing, default_folder, missing, read_model
from generation.styles import Catalogue
from generation.styles.catalogue import BadPack

FREE_MB = 500
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")  # a requirement begins with its package's name


async def examine(settings: Settings) -> int:
    """Print every finding. Returns 1 if something is broken, else 0."""
    broken = 0
    for check in CHECKS:
        for finding in await check(settings):
            broken += finding.verdict is Verdict.BROKEN
            print(f"{finding.verdict} {finding.subject:<10} {finding.what}")
            if finding.remedy:
                print(f"{'':<13}→ {finding.remedy}")
    print("\nEverything the bot needs works." if not broken else f"\n{broken} thing(s) to mend, marked ✗.")
    return 1 if broken else 0


async def _python(settings: Settings) -> list[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    return [Finding(Verdict.FINE, "python", version)]


async def _packages(settings: Settings) -> list[Finding]:
    try:
        lacking = list(_lacking())
    except importlib.metadata.PackageNotFoundError:
        return [Finding(Verdict.BROKEN, "packages", "selfiebot itself is not installed here", "Run: make setup")]
    if lacking:
        return [Finding(Verdict.BROKEN, "packages", f"missing: {', '.join(lacking)}", "Run: pip install -e .")]
    return [Finding(Verdict.FINE, "packages", "all that the core needs")]


def _lacking() -> Iterator[str]:
    for requirement in importlib.metadata.requires("selfiebot") or []:
        if "extra ==" in requirement:
            continue
        name = NAME.match(requirement)
        try:
            importlib.metadata.version(name[0] if name else requirement)
        except importlib.metadata.PackageNotFoundError:
            yield requirement


async def _models(settings: Settings) -> list[Finding]:
    folder = settings.models_dir or default_folder()
    lacking = missing(folder)
    if lacking:
        return [Finding(Verdict.BROKEN, "models", f"{len(lacking)} missing in {folder}", "Run: selfiebot setup")]
    from generation.face.models import MODELS

    try:
        for name in MODELS:
            read_model(folder, name)
    except ModelsMissing as error:
        return [Finding(Verdict.BROKEN, "models", str(error), "Run: selfiebot setup")]
    return [Finding(Verdict.FINE, "models", f"{len(MODELS)} face models, checksums right, in {folder}")]


async def _styles(settings: Settings) -> list[Finding]:
    try:
        catalogue = read_styles(settings)
    except BadPack as error:
        return [Finding(Verdict.BROKEN, "styles", str(error), "Mend the pack; the bot does not start with it.")]
    unfit = list(_unfit(settings, catalogue))
    if unfit:
        return [Finding(Verdict.BROKEN, "styles", what, "Mend the pack: this style can't be drawn.") for what in unfit]
    return [Finding(Verdict.FINE, "styles", f"{len(catalogue)} in {len(catalogue.packs())} packs, all can be drawn")]


def _unfit(settings: Settings, catalogue: Catalogue) -> Iterator[str]:
    """What is wrong with each style that its engine can't draw."""
    folder = settings.models_dir or default_folder()
    if missing(folder):
        return
    engines: dict[str, Engine] = {}
    for style in catalogue:
        if not style.drawn:
            continue
        try:
            if style.engine not in engines:
                engines[style.engine] = load_engine(style.engine, "cpu", folder)
            engines[style.engine].check(style)
        except (ValueError, ImportError, ModelsMissing) as error:
            yield str(error)


async def _database(settings: Settings) -> list[Finding]:
    file = settings.data_dir / "selfiebot.db"
    if not settings.database_url and not file.exists():
        return [Finding(Verdict.NOTE, "database", f"none yet; the first start makes {file}")]
    try:
        revision = await version(settings.database)
    except DatabaseUnusable as error:
        return [Finding(Verdict.BROKEN, "database", str(error), "Check DATABASE_URL and that the server runs.")]
    kind = settings.database.split(":")[0].split("+")[0]
    return [Finding(Verdict.FINE, "database", f"{kind}, schema {revision or 'not made yet; the first start makes it'}")]


async def _disk(settings: Settings) -> list[Finding]:
    folder = settings.data_dir.absolute()
    while not folder.exists():
        folder = folder.parent
    if not os.access(folder, os.W_OK):
        return [Finding(Verdict.BROKEN, "disk", f"{folder} is not writable", "Make it writable, or set DATA_DIR.")]
    free_mb = shutil.disk_usage(folder).free // 2**20
    if free_mb < FREE_MB:
        remedy = "Free some room; pictures and photos are kept there for a while."
        return [Finding(Verdict.BROKEN, "disk", f"{free_mb} MB free at {folder}", remedy)]
    return [Finding(Verdict.FINE, "disk", f"{free_mb // 1024} GB free at {folder}")]


async def _web(settings: Settings) -> list[Finding]:
    if "web" not in settings.platforms:
        return []
    where = f"{settings.web_host}:{settings.web_port}"
    with socket.socket(socket.AF_INET6 if ":" in settings.web_host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.web_host, settings.web_port))
        except OSError as error:
            remedy = "If that is not this bot running, set WEB_PORT to another number."
            return [Finding(Verdict.NOTE, "web chat", f"{where} is taken or not ours ({error.strerror})", remedy)]
    return [Finding(Verdict.FINE, "web chat", f"http://{where}/ is free")]


async def _tokens(settings: Settings) -> list[Finding]:
    """What each platform says of its token, its registration and the like."""
    catalogue = _catalogue(settings)
    if catalogue is None:
        return []
    findings = []
    for name in settings.platforms:
        for well, what, remedy in await check_platform(name, settings, catalogue):
            findings.append(Finding(Verdict.FINE if well else Verdict.BROKEN, name, what, remedy))
    return findings or [Finding(Verdict.FINE, "tokens", "the web chat needs none")]


def _catalogue(settings: Settings) -> Catalogue | None:
    try:
        return read_styles(settings)
    except BadPack:
        return None


Check = Callable[[Settings], Awaitable[list[Finding]]]
CHECKS: tuple[Check, ...] = (_python, _packages, _models, _styles, _database, _disk, _web, _tokens, examine_painter)
