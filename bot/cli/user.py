"""`helpdesk user`: people, by the operator."""

from __future__ import annotations

import secrets

import click

from bot.cli.desk import open_desk, run
from core import users
from core.models.people import Role, User
from core.runtime import SYSTEM


@click.group()
def user() -> None:
    """People: add, list, set a password."""


@user.command()
@click.argument("email")
@click.option("--name", default="", help="The name others see.")
@click.option("--staff", "role", flag_value="staff", help="Works on tickets.")
@click.option("--admin", "role", flag_value="admin", help="Works on tickets and changes the desk.")
@click.option("--password", help="Otherwise one is made and shown once.")
def add(email: str, name: str, role: str | None, password: str | None) -> None:
    """Add a person who can log in."""
    run(_add(email, name, Role(role or "user"), password))


async def _add(email: str, name: str, role: Role, password: str | None) -> None:
    chosen = password or secrets.token_urlsafe(12)
    hashed = await users.hash_password(chosen)
    async with open_desk() as rt, rt.transaction(SYSTEM) as tx:
        person = await users.add(tx, email, name, role, hashed)
    print(f"{person.email} can log in as {role}." + ("" if password else f" Password, shown this once: {chosen}"))


@user.command()
@click.argument("email")
@click.option("--password", help="Otherwise one is made and shown once.")
def password(email: str, password: str | None) -> None:
    """Set a new password; nobody stays logged in for longer than ACCESS_TOKEN_MINUTES."""
    run(_password(email, password))


async def _password(email: str, password: str | None) -> None:
    chosen = password or secrets.token_urlsafe(12)
    hashed = await users.hash_password(chosen)
    async with open_desk() as rt, rt.transaction(SYSTEM) as tx:
        await users.set_password(tx, (await users.by_email(email)).id, hashed)
    print("The password is changed." + ("" if password else f" Shown this once: {chosen}"))


@user.command()
@click.argument("email")
@click.argument("role", type=click.Choice([role.value for role in Role]))
def role(email: str, role: str) -> None:
    """Make somebody user, staff or admin. Whoever mailed the desk is known already: this is how he joins it."""
    run(_role(email, Role(role)))


async def _role(email: str, role: Role) -> None:
    async with open_desk() as rt, rt.transaction(SYSTEM) as tx:
        person = await users.by_email(email)
        await users.change(tx, person.id, users.Change(role=role))
    print(f"{person.email} is {role} now." + ("" if person.password_hash else f" A password: helpdesk user password {person.email}"))


@user.command(name="list")
def list_() -> None:
    """Everybody who works here."""
    run(_list())


async def _list() -> None:
    async with open_desk():
        for person in await User.filter(role__not=Role.USER).order_by("email"):
            print(f"{person.email:40} {person.role:6} {'' if person.active else 'inactive':9} {person.name}")
