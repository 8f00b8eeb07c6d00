"""A database of its own for a few tests, with Django led to it and back."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection
from environ import Env
from psycopg.sql import SQL, Identifier


@contextmanager
def empty_database(name: str) -> Iterator[str]:
    """Make an empty database beside the session's own; yield its address, and drop it after."""
    session = os.environ["DATABASE_URL"]
    own = f"{urlsplit(session).path.strip('/')}_{name}"
    with psycopg.connect(_address(session, "postgres"), autocommit=True) as server:
        drop = SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(own))
        server.execute(drop)
        server.execute(SQL("CREATE DATABASE {}").format(Identifier(own)))
        try:
            yield _address(session, own)
        finally:
            server.execute(drop)


@contextmanager
def django_uses(url: str) -> Iterator[None]:
    """Let Django's connection lead to this database, on whatever server."""
    before = dict(connection.settings_dict)
    _switch(Env.db_url_config(url))
    try:
        yield
    finally:
        _switch(before)


def _switch(place: Mapping[str, object]) -> None:
    connection.close()
    for name in ("NAME", "HOST", "PORT", "USER", "PASSWORD"):
        connection.settings_dict[name] = place[name]
    ContentType.objects.clear_cache()
    cache.clear()


def _address(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))
