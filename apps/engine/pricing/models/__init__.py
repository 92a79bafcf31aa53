from apps.engine.pricing.cost import PricingModel
from apps.engine.pricing.models.hybrid import HYBRID
from apps.engine.pricing.models.managed_service import MANAGED_SERVICE
from apps.engine.pricing.models.outcome_based import OUTCOME_BASED
from apps.engine.pricing.models.per_contact import PER_CONTACT
from apps.engine.pricing.models.per_fte import PER_FTE
from apps.engine.pricing.models.per_minute import PER_MINUTE
from apps.engine.registry import Registry

PRICING_MODELS: Registry[PricingModel] = Registry(
    "pricing model",
    PER_FTE,
    PER_MINUTE,
    PER_CONTACT,
    OUTCOME_BASED,
    MANAGED_SERVICE,
    HYBRID,
)
