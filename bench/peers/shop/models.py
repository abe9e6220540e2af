"""The tables of `bench.peers.tables` as Django's models."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from bench.catalogue import STATUSES


class Category(models.Model):
    """A shelf of the catalogue."""

    name = models.CharField(max_length=80, unique=True)

    class Meta:
        """Where the rows are."""

        managed = False
        db_table = "categories"
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return str(self.name)


class Product(models.Model):
    """Something to sell."""

    sku = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    description = models.TextField()
    price = models.DecimalField(max_digits=14, decimal_places=4)
    currency = models.CharField(max_length=3)
    stock = models.IntegerField()
    status = models.CharField(
        max_length=10, choices=[(name, name.capitalize()) for name in dict.fromkeys(STATUSES)]
    )
    category = models.ForeignKey(Category, models.PROTECT, null=True, db_column="category_id")
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    version = models.IntegerField(default=1)

    class Meta:
        """Where the rows are."""

        managed = False
        db_table = "products"
        ordering: ClassVar = ["-created_at"]

    def __str__(self) -> str:
        return str(self.name)
