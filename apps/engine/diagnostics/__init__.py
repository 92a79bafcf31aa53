"""DIAGNOSTICS: every formula by its slug, in the order in which people should see them."""

from apps.engine.diagnostics.ai_efficiency import AI_EFFICIENCY
from apps.engine.diagnostics.callback_cost import CALLBACK_COST
from apps.engine.diagnostics.channel_switch import CHANNEL_SWITCH
from apps.engine.diagnostics.diagnostic import Diagnostic
from apps.engine.diagnostics.interaction_score import INTERACTION_SCORE
from apps.engine.diagnostics.location_comparison import LOCATION_COMPARISON
from apps.engine.diagnostics.revenue_leakage import REVENUE_LEAKAGE
from apps.engine.diagnostics.revenue_recovery import REVENUE_RECOVERY
from apps.engine.diagnostics.roi import ROI
from apps.engine.diagnostics.service_quality import SERVICE_QUALITY
from apps.engine.registry import Registry

DIAGNOSTICS: Registry[Diagnostic] = Registry(
    "diagnostic",
    REVENUE_LEAKAGE,
    REVENUE_RECOVERY,
    CALLBACK_COST,
    CHANNEL_SWITCH,
    INTERACTION_SCORE,
    AI_EFFICIENCY,
    SERVICE_QUALITY,
    LOCATION_COMPARISON,
    ROI,
)
