"""A plug-in for browser tests: teams, whose players are edited in their form."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from dashboard.records import RecordView


class TeamBase(DeclarativeBase):
    """Tables of this plug-in."""


class Town(TeamBase):
    """A town that players are from."""

    __tablename__ = "towns"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))


class Team(TeamBase):
    """A team."""

    __tablename__ = "teams"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    players: Mapped[list[Player]] = relationship(back_populates="team", order_by="Player.number")


class Player(TeamBase):
    """A player of a team."""

    __tablename__ = "players"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    number: Mapped[int | None]
    town_id: Mapped[int | None] = mapped_column(ForeignKey("towns.id"))
    town: Mapped[Town | None] = relationship()
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    team: Mapped[Team] = relationship(back_populates="players")


class TeamView(RecordView):
    """Teams with their players."""

    inline_models = (Player,)


def register(console: Any) -> None:
    """Add the teams and the towns."""
    console.add(TeamView(Team))
    console.add(RecordView(Town))
