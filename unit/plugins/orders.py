"""A plug-in with orders, which need permissions of their own to be approved and reported."""

from typing import Any

from flask_admin import expose
from flask_admin.actions import action
from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from dashboard.extensions import db
from dashboard.records import PageView, RecordView, Role, may, needs

LIST = "/admin/approved_orders/"
NEEDED = "approved_orders:approve"


class Base(DeclarativeBase):
    """The tables of these tests."""


class Order(Base):
    """A record that is approved by those who may."""

    __tablename__ = "approved_orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    state: Mapped[str] = mapped_column(String(20), default="new")


class OrderView(RecordView):
    """Orders with an action and two pages that need a permission of their own."""

    @action("approve", "Approve")
    @needs(NEEDED)
    def approve(self, ids: list[str]) -> None:
        for key in ids:
            self.session.get(Order, int(key)).state = "approved"

    @action("close", "Close")
    def close(self, ids: list[str]) -> None:
        for key in ids:
            self.session.get(Order, int(key)).state = "closed"

    @needs(NEEDED)
    @expose("/approvals/")
    def approvals(self) -> str:
        return "Approvals"

    @expose("/reset/", methods=("POST",))
    @needs(NEEDED)
    def reset(self) -> Any:
        self.get_or_404().state = "new"
        return self.done("Reset.")

    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        if model.state == "approved" and not may(NEEDED):
            raise ValueError("You can't approve orders.")


class ReportView(PageView):
    """A page that is no kind of record."""

    @expose("/")
    @needs("orders:report")
    def first(self) -> str:
        return "Report"

    @expose("/close/", methods=("POST",))
    @needs(NEEDED)
    def close(self) -> str:
        db.session.get_one(Order, 1).state = "closed"
        db.session.commit()
        return "Closed"


def register(console: Any) -> None:
    console.permission(NEEDED, Role.ADMIN)
    console.permission("orders:report", Role.ADMIN)
    console.add(OrderView(Order, name="Orders"))
    console.add_page(ReportView(name="Report", endpoint="report"), icon="clock")
