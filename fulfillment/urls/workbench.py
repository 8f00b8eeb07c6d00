"""The buyers' bench: campaigns, prices, forecast, suppliers."""

from django.urls import path

from fulfillment.views import campaign_builder, price_evidence, workbench

CAMPAIGN = "campaigns/<str:code>/"
LINE = f"{CAMPAIGN}lines/<int:offer_id>/"

urlpatterns = [
    path("", workbench.start, name="workbench"),
    path("campaigns/", workbench.campaigns, name="workbench-campaigns"),
    path("copies/", workbench.clone, name="workbench-clone"),
    path("presets/", workbench.presets, name="workbench-presets"),
    path("presets/drafts/", workbench.from_preset, name="workbench-preset-draft"),
    path(CAMPAIGN, campaign_builder.campaign, name="workbench-campaign"),
    path(f"{CAMPAIGN}add/", campaign_builder.line_add, name="workbench-line-add"),
    path(f"{CAMPAIGN}publish/", campaign_builder.publish, name="workbench-publish"),
    path(f"{CAMPAIGN}preset/", campaign_builder.preset_make, name="workbench-preset-make"),
    path(f"{CAMPAIGN}what-if/", campaign_builder.what_if_page, name="workbench-what-if"),
    path("price-evidence/", price_evidence.evidence, name="price-evidence"),
    path(LINE, campaign_builder.line_save, name="workbench-line"),
    path(f"{LINE}remove/", campaign_builder.line_remove, name="workbench-line-remove"),
    path(f"{LINE}below-cost/", campaign_builder.below_cost, name="workbench-below-cost"),
]
