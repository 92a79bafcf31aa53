"""Scoring methods; a new one is a file here and a name in this table."""

from apps.engine.matrix.methods.topsis import TOPSIS
from apps.engine.matrix.methods.weighted_product import WEIGHTED_PRODUCT
from apps.engine.matrix.methods.weighted_sum import WEIGHTED_SUM
from apps.engine.registry import Registry

METHODS = Registry("scoring method", WEIGHTED_SUM, WEIGHTED_PRODUCT, TOPSIS)
